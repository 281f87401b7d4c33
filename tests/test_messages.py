import ast
import re
from collections import Counter
from pathlib import Path

import allauth
import django
import django_filters
import django_tables2
import pytest
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType

from backoffice.words import UNDECLINED
from devtools.setup import messages
from devtools.setup.messages import ROOT, RUSSIAN, forms, has_translation, message_line
from tests.support.pages import Reader

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
LATIN = re.compile("[a-z]{2,}", re.IGNORECASE)
MIXED_WORD = re.compile("[a-z][а-яё]|[а-яё][a-z]", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]")
NOT_RUSSIAN_TYPE = re.compile(r"[\"“”„]|\.\.\.| - |  ")

SAME_IN_BOTH = {"English", "ID"}
NAMES = {"Paykassma", "Paykassma Admin"}
UNLIKE_PACKAGES = {
    "English",  # each language is offered in its own words
    "name",  # of a Client or a payment system; Django's is a person's
    "expires at",  # of a key; allauth's is of a session, and not shown
    "This month",  # a quick period; Django's is a filter by date, and none is offered
    *UNDECLINED,
}


@pytest.fixture(scope="module")
def code_messages():
    return messages.extract_messages()


@pytest.fixture(scope="module")
def russian():
    return messages.catalog_of()


def fail_for(faults, advice=""):
    if lines := sorted(faults):
        pytest.fail("\n".join([*lines, advice]), pytrace=False)


# The catalog


def test_every_message_has_its_russian(code_messages, russian):
    translated = {(m.id, m.context) for m in russian if has_translation(m)}
    lacking = [m for m in code_messages if m.id and (m.id, m.context) not in translated]

    advice = f"`python3 dev.py messages` adds what is new to {RUSSIAN}: write its Russian there."
    fail_for(map(message_line, lacking), advice)


def test_the_catalog_holds_nothing_that_is_not_said(code_messages, russian):
    kept = [*russian, *russian.obsolete.values()]
    unused = [m for m in kept if m.id and not code_messages.get(m.id, m.context)]

    fail_for(map(message_line, unused), f"`python3 dev.py messages` takes this out of {RUSSIAN}.")


def test_a_plural_has_the_three_forms_of_russian(code_messages, russian):
    assert russian.num_plurals == 3
    for message in code_messages:
        translated = russian.get(message.id, message.context)
        if message.pluralizable and translated:
            assert len(forms(translated.string)) == 3, message_line(message)


def test_a_translation_fills_in_the_same_values(russian):
    fail_for(
        f"{message_line(message)} → {text}"
        for message, text in translations(russian)
        if Counter(PLACEHOLDER.findall(text)) != Counter(PLACEHOLDER.findall(forms(message.id)[-1]))
    )


def test_a_translation_is_russian(russian):
    fail_for(
        f"{message_line(message)} → {text}"
        for message, text in translations(russian)
        if LATIN.search(PLACEHOLDER.sub("", text)) and not CYRILLIC.search(text)
        if text not in SAME_IN_BOTH
    )


def test_a_translation_is_set_as_russian_is(russian):
    """«», —, … and no Latin letter that looks like a Russian one."""
    fail_for(
        f"{message_line(message)} → {text}"
        for message, text in translations(russian)
        if NOT_RUSSIAN_TYPE.search(text) or MIXED_WORD.search(PLACEHOLDER.sub("", text))
    )


def test_a_message_is_english(code_messages):
    fail_for(message_line(m) for m in code_messages if any(map(CYRILLIC.search, forms(m.id))))


def test_no_message_of_ours_changes_the_words_of_a_package(russian):
    """English that a package has too would get our Russian on the package's pages."""
    theirs = [catalog for package in PACKAGES for catalog in catalogs(package)]
    fail_for(
        f"{message_line(message)} → {text}; theirs is {other.string}"
        for message, text in translations(russian)
        for catalog in theirs
        if (other := catalog.get(message.id, message.context)) and other.string
        if other.string != text and message.id not in UNLIKE_PACKAGES
    )


PACKAGES = (django, allauth, django_filters, django_tables2)


def catalogs(package):
    folder = Path(package.__file__).parent
    for po in folder.rglob("locale/ru/LC_MESSAGES/django.po"):
        with po.open("rb") as file:
            yield read_po(file)


def translations(catalog):
    for message in catalog:
        yield from ((message, text) for text in forms(message.string) if message.id and text)


# What is said past it


def test_gettext_is_given_the_message_itself():
    """A message out of a variable or an f-string is found by no extraction."""
    fail_for(
        f"{place(path, call)}: {ast.unparse(call)}"
        for path, call in calls()
        if callee(call) in messages.KEYWORDS
        for given in call.args[: len(messages.KEYWORDS[callee(call)] or "_")]
        if not isinstance(given, ast.Constant)
    )


def calls():
    for path in messages.code():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield path, node


def callee(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def place(path, node):
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def test_code_says_no_sentence_by_itself():
    fail_for(
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in messages.code()
        if not AT_A_TERMINAL.search(str(path))
        for line, text in sentences_of(path)
        if text not in NAMES
    )


# Developers and whoever runs a server read English; migrations repeat what stands in models.
AT_A_TERMINAL = re.compile("/(devtools|migrations)/|npm_finder|checks|requirements|/health")
TO_DEVELOPERS = {"BadRequest", "ImproperlyConfigured", "RuntimeError", "TypeError", "ValueError"}
# `--help` is English as argparse is, and the reference of the API as its standard is.
IN_ENGLISH = {"description", "examples", "help", "summary"}


def sentences_of(path):
    found = Sentences()
    found.visit(ast.parse(path.read_text()))
    return found.sentences


SENTENCE = re.compile("^[“A-Z][^\n]* [^\n]*[a-z]|[А-Яа-яЁё]")


class Sentences(ast.NodeVisitor):
    def __init__(self):
        self.sentences = []

    def visit_Constant(self, node):
        if isinstance(node.value, str) and SENTENCE.search(node.value):
            self.sentences.append((node.lineno, node.value))

    def visit_Call(self, node):
        is_logged = ast.unparse(node.func).startswith("log.")
        if callee(node) not in messages.KEYWORDS.keys() | TO_DEVELOPERS and not is_logged:
            self.generic_visit(node)

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Assign(self, node):
        if ast.unparse(node.targets[0]) != "help":
            self.generic_visit(node)

    def visit_keyword(self, node):
        if node.arg not in IN_ENGLISH:
            self.generic_visit(node)


def test_a_script_says_nothing_by_itself():
    """A script takes its words from the page, which is in the user's language."""
    prose = re.compile(r"""["'`]([A-ZА-ЯЁ][a-zа-яё]+ [^"'`]*|[^"'`\n]*[а-яё][^"'`\n]*)["'`]""")
    fail_for(
        f"{path.relative_to(ROOT)}: {text}"
        for path in sorted((ROOT / "static" / "js").glob("*.js"))
        for text in prose.findall(re.sub("//.*", "", path.read_text()))
    )


def test_a_template_says_nothing_by_itself():
    fail_for(
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in messages.templates()
        for line, text in Reader(without_tags(path.read_text())).texts
        if set(WORD.findall(text)) - NAMES
    )


WORD = re.compile(r"[^\W\d_]{2,}")


def without_tags(template):
    """The template with nothing but line ends where it has tags, and what blocktranslate holds."""
    kept, translates = "", False
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK:
            translates = token.contents.startswith("blocktranslate") or (
                translates and not token.contents.startswith("endblocktranslate")
            )
        is_bare = token.token_type == TokenType.TEXT and not translates
        kept += token.contents if is_bare else "\n" * token.contents.count("\n")
    return kept


def test_a_template_hands_on_no_word_by_itself():
    """{% include … with title="Total" %} and {{ name|default:"None" }} would."""
    literal = re.compile(r"""(?<!_\()["']([A-Z][a-z]+\b[^"']*)["']""")
    fail_for(
        f"{path.relative_to(ROOT)}:{token.lineno}: {word}"
        for path in messages.templates()
        for token in Lexer(path.read_text()).tokenize()
        if token.token_type in (TokenType.BLOCK, TokenType.VAR)
        if token.split_contents()[0] not in ("translate", "blocktranslate")
        for word in literal.findall(token.contents)
    )


def test_a_template_writes_numbers_and_dates_by_our_formats():
    """Django's own formats differ from ours."""
    of_django = re.compile(
        r"\|(date|time|timesince|timeuntil|floatformat|intcomma|localize)\b"
        r"(?!:.c.)"  # for machines
    )
    fail_for(
        f"{path.relative_to(ROOT)}:{token.lineno}: {token.contents}"
        for path in messages.templates()
        for token in Lexer(path.read_text()).tokenize()
        if token.token_type in (TokenType.BLOCK, TokenType.VAR) and of_django.search(token.contents)
    )
