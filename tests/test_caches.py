"""Nothing that is remembered for one Client, or of one value, answers for another.

Every use of a cache is found in the sources, stands in a list below, and is asked by two Clients
and for values whose texts are the same.
"""

import ast
from datetime import date
from importlib import resources
from itertools import chain, permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.utils import translation

import paykassma_admin.navigation
from accounts import turns as turns_of_clients
from audit.record import is_first_within_minute
from clients.choices import offer_choices
from clients.models import Client
from dashboard import swatches
from paykassma_admin import addresses, cache_keys, figures, formats
from paykassma_admin.charts.styles import series_style
from paykassma_admin.database import time_zones
from paykassma_admin.lists import rendered_fields, tables
from paykassma_admin.lists.choices import cached_choices
from paykassma_admin.staticfiles import pruning
from paykassma_admin.templatetags import copy_button, icons
from paykassma_admin.values import iso_codes, money
from tests.support.factories import make_transaction
from transactions import cells
from transactions.tables import TransactionTable
from workspace import about, columns
from workspace.audit_log import changes, words

ROOT = Path(__file__).parents[1]
APPS = (
    "paykassma_admin",
    "clients",
    "audit",
    "accounts",
    "workspace",
    "backoffice",
    "wallets",
    "transactions",
    "accumulations",
    "search",
    "dashboard",
)
NOT_SERVED = ("migrations",)

ALPHA, BETA = Client(pk=1), Client(pk=2)
ALIKE: list[list[Any]] = [  # as texts, or as numbers
    [None, "None"],
    ["", None],
    [[], "[]", ()],
    [0, "0", False, [0]],
    [1, True, "1", [1], ["1"]],
    ["x", ["x"], ("x",), "['x']", [["x"]]],
    [["a", "b"], ["a,b"], "a,b", ["a', 'b"]],
    ["\0", ["", ""], "\0\0"],
    [date(2026, 11, 24), "2026-11-24"],
]
PAIRS = [pair for alike in ALIKE for pair in permutations(alike, 2)]


class Question(forms.Field):
    widget = forms.TextInput


def drawn_field(client, value):
    form = forms.Form(initial={"asked": value})
    form.fields["asked"] = Question(label="Asked")
    form.fields["asked"].has_changed = lambda *_args: True
    return rendered_fields.render_fields([form["asked"]], client.pk)


def choices_for(client, value):
    """`value` is the language: nothing else but the Client makes a difference."""
    with translation.override("en" if value == "en" else "ru"):
        return cached_choices(lambda request: [(request.client.pk, "")])(
            SimpleNamespace(client=client)
        )


def first_of_a_minute(client, value):
    return is_first_within_minute(client, value)


def holder(client, value):
    """`value` is what was shown: it opens no Client's cache, and is nobody's yet."""
    turns_of_clients.remember(("session", value), turns_of_clients.Holder("user", client.pk))


def offer_nothing(client, value):
    """Look at what was offered; what is new would be written to the database."""
    offer_choices(client, set())


# What asks the cache itself: how to ask it for a Client and a value, or None for what all share.
ASKED = {
    "paykassma_admin.lists.rendered_fields.render_fields": drawn_field,
    "paykassma_admin.lists.rendered_fields.render_field": drawn_field,
    "paykassma_admin.lists.choices.of_client": choices_for,
    "audit.record.is_first_within_minute": first_of_a_minute,
    "transactions.rows.payment_system_names": None,
    "clients.choices.offer_choices": offer_nothing,
    "accounts.turns.turn_holder": holder,
    "accounts.turns.remember": holder,
    "accounts.turns.remember_session": holder,
}

# What a process remembers of its code, its languages and its codes: no Client's words come there.
STYLE = series_style(0)
TZDATA = resources.files("tzdata") / "zoneinfo"
REMEMBERED: dict[str, tuple[Any, list[tuple[Any, ...]]]] = {
    "workspace.audit_log.changes.models_by_name": (changes.models_by_name, [()]),
    "workspace.audit_log.changes.field_names": (changes.field_names, [()]),
    "workspace.audit_log.words.export_filters": (
        words.export_filters,
        [("/payments/transactions/export.csv?label=a",), ("/audit/",), ("None",), ("",)],
    ),
    "workspace.columns.cached_column_fields": (
        columns.cached_column_fields,
        [
            ((columns.ColumnChoice("amount", "Amount", is_shown=is_shown),), language)
            for is_shown in (True, False)
            for language in ("ru", "en")
        ],
    ),
    "workspace.about.libraries": (about.libraries, [()]),
    "paykassma_admin.staticfiles.pruning.words": (pruning.words, [()]),
    "transactions.cells.sign": (cells.sign, [("incoming", "ru"), ("outgoing", "en")]),
    "transactions.cells.type_tag": (cells.type_tag, [("real", "ru"), ("fake", "en")]),
    "transactions.cells.status_mark": (cells.status_mark, [("activated", "ru"), ("pending", "en")]),
    "transactions.cells.card_labels": (cells.card_labels, [("ru",), ("en",)]),
    "transactions.cells.detail_prefix": (cells.detail_prefix, [()]),
    "paykassma_admin.templatetags.copy_button.button_html": (
        copy_button.button_html,
        [("ru",), ("en",)],
    ),
    "paykassma_admin.lists.tables.head_html": (
        tables.head_html,
        [(tuple(TransactionTable.base_columns.items()), language) for language in ("ru", "en")],
    ),
    "paykassma_admin.addresses.page_path": (
        addresses.page_path,
        [("transactions:list",), ("transactions:proof",)],
    ),
    "paykassma_admin.values.money.unit": (money.unit, [(0,), (False,), (1,), (True,), (4,)]),
    "paykassma_admin.navigation.view_roles": (
        paykassma_admin.navigation.view_roles,
        [("keys",), ("dashboard:dashboard",)],
    ),
    "paykassma_admin.values.iso_codes.currencies": (iso_codes.currencies, [()]),
    "paykassma_admin.values.iso_codes.withdrawn_currencies": (iso_codes.withdrawn_currencies, [()]),
    "paykassma_admin.values.iso_codes.countries": (iso_codes.countries, [()]),
    "paykassma_admin.figures.separators": (figures.separators, [("ru",), ("en",)]),
    "paykassma_admin.templatetags.icons.icon": (
        icons.icon,
        [("outline/copy",), ("outline/filter",)],
    ),
    "paykassma_admin.formats.babel_locale": (formats.babel_locale, [("ru",), ("en",)]),
    "paykassma_admin.formats.format_day": (
        formats.format_day,
        [(date(2026, 11, 24), "ru"), (date(2026, 11, 24), "en")],
    ),
    "paykassma_admin.formats.territory": (
        formats.territory,
        [("None", "ru"), ("", "ru"), ("0", "en"), ("[]", "en"), ("IN", "en")],
    ),
    "paykassma_admin.database.time_zones.read_changes": (
        time_zones.read_changes,
        [((TZDATA / name).read_bytes(),) for name in ("Asia/Kolkata", "Europe/Moscow")],
    ),
    "dashboard.swatches.swatch": (swatches.swatch, [(STYLE, "line"), (STYLE, "bar")]),
}


def sources():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not set(NOT_SERVED) & set(path.relative_to(ROOT).parts):
                yield path


def uses(path):
    """The functions of a module that read or write what outlives them, by their dotted names."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    tree = ast.parse(path.read_text())
    yield from (f"{module}.{name}" for name in uses_in(tree, outlive(tree), "module"))


def outlive(tree):
    return {
        name.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and is_collection(node.value)
        for name in getattr(node, "targets", None) or [node.target]
        if isinstance(name, ast.Name)
    }


def is_collection(node):
    displays = ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp
    makers = {"dict", "list", "set", "defaultdict", "deque", "OrderedDict", "Counter"}
    makers |= {"WeakKeyDictionary", "WeakValueDictionary", "WeakSet", "ContextVar", "local"}
    is_made = isinstance(node, ast.Call) and called_name(node.func) in makers
    return isinstance(node, displays) or is_made


def called_name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def uses_in(node, collections, function):
    for child in ast.iter_child_nodes(node):
        within = function
        if isinstance(child, ast.FunctionDef):
            within = child.name
            decorators = [d.func if isinstance(d, ast.Call) else d for d in child.decorator_list]
            if {"cache", "lru_cache"} & set(map(called_name, decorators)):
                yield within
        if is_use(child, collections if function != "module" else set()):
            yield within
        yield from uses_in(child, collections, within)


CACHES = {"cache", "caches"}
CHANGES = {"setdefault", "update", "append", "add", "extend", "insert", "pop", "popitem", "clear"}
CHANGES |= {"discard", "remove"}


def is_use(node, collections):
    if isinstance(node, ast.Attribute | ast.Subscript) and called_name(node.value) in CACHES:
        return True
    if isinstance(node, ast.Global):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in CHANGES and called_name(node.func.value) in collections
    is_written = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del)
    return is_written and called_name(node.value) in collections


def test_each_use_of_a_cache_is_listed_here():
    found = {use for path in sources() for use in uses(path)}

    assert found == ASKED.keys() | REMEMBERED.keys()


def test_no_template_remembers_what_it_has_rendered():
    templates = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]

    assert templates
    assert [path for path in templates if "{% cache" in path.read_text()] == []


@pytest.mark.parametrize(
    "source",
    [
        "seen = {}\ndef f(x):\n    seen[x] = 1",
        "seen: set[int] = set()\ndef f(x):\n    seen.add(x)",
        "def f(x):\n    global seen\n    seen = x",
        "from django.core.cache import caches\ndef f(x):\n    return caches['a'].get(x)",
        "import functools\n@functools.lru_cache(maxsize=1)\ndef f(x):\n    return x",
        "class A:\n    @cache\n    def f(self):\n        return 1",
    ],
)
def test_the_search_of_the_sources_finds(source):
    tree = ast.parse(source)

    assert "f" in set(uses_in(tree, outlive(tree), "module"))


@pytest.fixture
def keys(monkeypatch):
    keys, make_key = [], LocMemCache.make_key

    def note_key(self, key, version=None):
        keys.append(key)
        return make_key(self, key, version)

    monkeypatch.setattr(LocMemCache, "make_key", note_key)
    return keys


def keys_of(keys, use, client, value):
    keys.clear()
    use(client, value)
    return set(keys)


@pytest.mark.parametrize("use", [drawn_field, choices_for, first_of_a_minute, offer_nothing])
def test_two_clients_never_meet_in_the_cache(keys, use, subtests):
    for value in chain.from_iterable(ALIKE):
        with subtests.test(value=value):
            of_alpha, of_beta = (keys_of(keys, use, client, value) for client in (ALPHA, BETA))

            assert of_alpha and of_beta
            assert of_alpha.isdisjoint(of_beta)


@pytest.mark.parametrize("use", [drawn_field, first_of_a_minute, holder])
def test_values_of_one_text_never_meet_in_the_cache(keys, use, subtests):
    for one, other in PAIRS:
        with subtests.test(one=one, other=other):
            cache.clear()
            assert keys_of(keys, use, ALPHA, one).isdisjoint(keys_of(keys, use, ALPHA, other))


@pytest.mark.parametrize(("remembered", "arguments"), REMEMBERED.values(), ids=REMEMBERED)
def test_what_a_process_remembers_is_what_it_would_find_again(remembered, arguments):
    for each in arguments:
        with translation.override(each[-1] if each and each[-1] in ("ru", "en") else "ru"):
            remembered(*each)
    for each in arguments:
        with translation.override(each[-1] if each and each[-1] in ("ru", "en") else "ru"):
            assert remembered(*each) == remembered.__wrapped__(*each)


def test_a_value_of_a_type_without_an_exact_text_is_no_part_of_a_key():
    with pytest.raises(TypeError):
        cache_keys.cache_key("use", 1, object())


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["label", "order_number", "payment_system", "wallet", "type"])
def test_what_one_client_typed_stands_in_no_form_of_another(
    client, alice, charlie, subtests, field
):
    for user in (alice, charlie):
        make_transaction(user)
    client.force_login(charlie)
    before = client.get("/payments/transactions/").content.decode()

    for typed in ("None", "", "0", "[]", "['x']", "False"):
        cache.clear()
        client.force_login(alice)
        client.get("/payments/transactions/", {field: typed})
        client.get("/", {field: typed})
        client.force_login(charlie)
        with subtests.test(typed):
            after = client.get("/payments/transactions/").content.decode()
            assert form_of(after) == form_of(before)


def form_of(page):
    _before, form = page.split('<form class="pk-filters"')
    return form.split("</form>")[0]
