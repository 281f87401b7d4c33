"""Queries of the back office on ever-growing tables, which are never read whole."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.kinds import Kind
from audit.models import AuditEvent
from audit.record import Actor, record_event
from backoffice.bounded import Bounded
from backoffice.site import back_office
from tests.support.factories import (
    make_accumulation,
    make_balance,
    make_rate,
    make_transaction,
    worker,
)
from transactions.models import Change
from wallets.models import Balance, ExchangeRate

pytestmark = pytest.mark.django_db

GROWING = [
    "transactions_transaction",
    "transactions_change",
    "accumulations_accumulation",
    "accumulations_accumulationentry",
    "audit_auditevent",
    "wallets_balance",
    "wallets_exchangerate",
]
MODELS = sorted(back_office._registry, key=lambda model: model._meta.label)


@pytest.fixture
def office(client, dora):
    client.force_login(dora)
    return client


@pytest.fixture(autouse=True)
def rows(alice, charlie):
    moved = make_transaction(alice, "T1", status="pending")
    make_accumulation(alice, "A1", transactions=[make_transaction(alice, "T2")])
    make_accumulation(alice, "A2")
    for days in range(2):
        make_balance(alice, as_of=timezone.now() - timedelta(days=days))
        make_rate("INR", "0.012", day=(timezone.now() - timedelta(days=days)).date())
    with worker():
        record_event(Kind.SIGN_IN, by=Actor("alice"), client=alice.client)
        record_event(Kind.SIGN_OUT, by=Actor("alice"), client=alice.client)
        moved.status = "activated"
        moved.save()


def addresses_of(model):
    """Yield the list, filtered and searched, and one row of it; without rows, its form."""
    listed = f"/admin/{model._meta.label_lower.replace('.', '/')}/"
    admin = back_office._registry[model]
    yield listed
    yield f"{listed}?p=2&_facets=True&o=1.-2"
    for name in admin.list_filter:
        field = model._meta.get_field(name)
        key = f"{name}__id__exact" if field.is_relation else f"{name}__exact"
        yield f"{listed}?{key}=1"
    if admin.search_fields:
        yield f"{listed}?q=T1"


def get_with_queries(office, address):
    with CaptureQueriesContext(connection) as queries:
        response = office.get(address, follow=True)
    assert response.status_code == 200
    return response, [q["sql"] for q in queries if of_growing(q["sql"])]


def of_growing(sql):
    tables = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', sql))
    return sql.startswith("SELECT") and tables & set(GROWING)


def is_bounded(sql):
    return " LIMIT " in sql or re.search(r'WHERE "\w+"\."(id|transaction_id)" = ', sql)


def is_narrowed(sql):
    """Asked without a limit only after a count with one, which has found less than a page."""
    return " LIMIT " in sql or " WHERE " in sql


def scans(plan):
    here = [plan] if without_partition(plan.get("Relation Name", "")) in GROWING else []
    return here + [scan for below in plan.get("Plans", []) for scan in scans(below)]


def without_partition(name):
    return name.rstrip("_01234567")


def nodes(plan):
    return [plan["Node Type"], *(node for below in plan.get("Plans", []) for node in nodes(below))]


def plan_of(sql):
    """Return the plan as for long tables: scanning or sorting one costs more than any index."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"set local enable_{way} = off")
        cursor.execute(f"explain (format json) {sql}")
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_list_reads_one_whole(office, model, monkeypatch):
    monkeypatch.setattr(back_office._registry[model], "list_per_page", 1)
    for address in addresses_of(model):
        _response, queries = get_with_queries(office, address)

        assert all(is_narrowed(sql) for sql in queries), address
        assert not any("DISTINCT" in sql for sql in queries), address


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_page_of_a_row_reads_one_whole(office, model):
    listed = f"/admin/{model._meta.label_lower.replace('.', '/')}/"
    shown, _queries = get_with_queries(office, listed)
    row = shown.context["cl"].result_list.first() if shown.context["cl"].result_list else None

    addresses = [f"{listed}{row.pk}/change/"] if row else []
    if back_office._registry[model].has_add_permission(shown.wsgi_request):
        addresses.append(f"{listed}add/")

    for address in addresses:
        _response, queries = get_with_queries(office, address)
        assert all(is_bounded(sql) for sql in queries), address
        for sql in queries:
            assert all("Seq" not in s["Node Type"] for s in scans(plan_of(sql))), sql


@pytest.mark.parametrize(
    "listed", ["transactions/transaction", "accumulations/accumulation", "audit/auditevent"]
)
@pytest.mark.parametrize("is_of_one", [False, True])
def test_a_list_comes_in_the_order_of_an_index(office, alice, listed, is_of_one):
    narrowed = f"?client__id__exact={alice.client.pk}" * is_of_one
    _response, queries = get_with_queries(office, f"/admin/{listed}/{narrowed}")

    for sql in queries:
        plan = plan_of(sql)
        # No index has the rows of all Clients by date: the newest of each are sorted, no more.
        assert "Sort" not in nodes(plan) or " lateral " in sql, sql
        assert sql.count("limit 1001") == 2 * (" lateral " in sql), sql
        for scan in scans(plan):
            assert scan["Node Type"] in ("Index Scan", "Index Only Scan"), sql
            assert not is_of_one or without_partition(scan["Index Name"]).endswith("_recent"), sql


def test_a_transaction_is_found_by_the_index_of_numbers(office):
    _response, queries = get_with_queries(office, "/admin/transactions/transaction/?q=T1")

    # Of three rows the order is had for less by reading them all; of millions it is not.
    unordered = [re.sub(r" ORDER BY .*? DESC(?= LIMIT|$|\))", "", sql) for sql in queries]
    found = [scan for sql in unordered for scan in scans(plan_of(sql))]
    by_number = [scan for scan in found if "number" in scan.get("Index Cond", "")]
    indexes = {without_partition(scan["Index Name"]) for scan in by_number}
    assert indexes == {"transaction_number_once"}


def test_what_grows_for_ever_is_bounded_or_has_no_list():
    """A new list of one of them has to be, too."""
    growing = {model for model in MODELS if model._meta.db_table in GROWING}

    assert {AuditEvent, Balance, ExchangeRate} < growing and Change not in growing
    assert all(isinstance(back_office._registry[model], Bounded) for model in growing)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_form_offers_a_choice_of_users_or_of_rows_that_grow(office, model):
    """Clients and payment systems are the only drop-downs of rows."""
    admin = back_office._registry[model]
    forms = [admin] if admin.has_add_permission(office.get("/admin/").wsgi_request) else []

    offered = {
        field.related_model._meta.label
        for form in [*forms, *admin.inlines]
        for field in form.model._meta.fields
        if isinstance(field, models.ForeignKey) and field.name not in form.raw_id_fields
        if field.editable and field.related_model is not model
    }
    assert offered <= {"clients.Client", "wallets.PaymentSystem"}


def test_web_alone_sees_nothing_of_what_the_back_office_shows(office, alice, monkeypatch):
    listed = "/admin/transactions/transaction/"
    assert len(office.get(listed).context["cl"].result_list) == 2
    with connection.cursor() as cursor:
        cursor.execute("reset role")  # as the end of that request's transaction does

    monkeypatch.setattr("accounts.middleware.use_back_office_role", lambda: None)

    assert len(office.get(listed).context["cl"].result_list) == 0
    assert len(office.get("/admin/clients/client/").context["cl"].result_list) == 0
