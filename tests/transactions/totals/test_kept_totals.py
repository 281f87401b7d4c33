from datetime import UTC, datetime
from decimal import Decimal
from itertools import product

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from clients.models import Client
from paykassma_admin.periods import Period
from tests.support.factories import (
    make_payment_system,
    make_transaction,
    make_wallet,
    seeing,
    worker,
)
from transactions.models import DayTotal, Direction, KindTotal, MonthTotal, Transaction, Type
from transactions.selection import Selection
from transactions.totals.kinds import KIND_CONDITIONS
from transactions.totals.maintenance import compact_totals, differences, rebuild_totals
from wallets.statuses import Status

pytestmark = pytest.mark.django_db

# One change of each kind that the totals tell apart, and one that they do not.
CHANGES = [
    {"status": "declined", "activated_at": None},
    {"type": "forced"},
    {"direction": "outgoing"},
    {"amount": Decimal(7), "amount_usd": Decimal("0.084")},
    {"currency": "BDT"},
    {"country": "BD"},
    {"logged_at": datetime(2026, 1, 1, tzinfo=UTC)},
    {"usd_rate": None, "amount_usd": None, "usd_rate_source": None, "usd_rate_at": None},
    {"usd_rate": Decimal("0.01"), "amount_usd": Decimal(10)},
    {"label": "somebody"},
]


def assert_exact():
    with worker():
        assert differences(None, using="default") == []


def totals_by_key(owner, model=DayTotal):
    with seeing(owner):
        totals = model.unscoped.all().values_list("count", "amount")
        return sorted(total for total in totals if total[0])


def execute(sql, *parameters):
    with worker(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_new_rows_are_in_the_totals_at_once(alice, charlie):
    make_transaction(alice, amount=100)
    make_transaction(alice, amount=200)
    make_transaction(alice, amount=50, usd_rate=None)
    make_transaction(charlie, amount=1)

    assert totals_by_key(alice) == [(1, Decimal(50)), (1, Decimal(100)), (1, Decimal(200))]
    assert_exact()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_compacted", [False, True])
def test_change_of_any_column_reaches_the_totals(alice, change, is_compacted):
    transaction = make_transaction(alice)
    make_transaction(alice)
    if is_compacted:
        compact_totals()

    with worker():
        Transaction.unscoped.filter(pk=transaction.pk).update(**change)

    assert_exact()
    with seeing(alice):
        assert sum(DayTotal.unscoped.values_list("count", flat=True)) == 2


def test_change_of_wallet_reaches_the_totals(alice):
    make_payment_system("bkash")
    other = make_wallet(alice.client, "other", payment_system="bkash")
    transaction = make_transaction(alice)

    with worker():
        Transaction.unscoped.filter(pk=transaction.pk).update(
            wallet=other, payment_system=other.payment_system_id
        )

    assert_exact()


def test_uncounted_columns_add_nothing_to_the_delta(alice):
    transaction = make_transaction(alice)
    compact_totals()

    with worker():
        Transaction.unscoped.filter(pk=transaction.pk).update(label="somebody")

    assert compact_totals() == 0


def test_deletion_reduces_the_totals(alice):
    transaction = make_transaction(alice)
    make_transaction(alice, amount=7)
    compact_totals()

    with worker():
        Transaction.unscoped.filter(pk=transaction.pk).delete()

    assert [sum(column) for column in zip(*totals_by_key(alice), strict=True)] == [1, Decimal(7)]
    assert_exact()


def test_compacting_changes_no_number(alice):
    for amount in (1, 2, 3):
        make_transaction(alice, amount=amount)
    before = sum(amount for _count, amount in totals_by_key(alice))

    assert compact_totals() == 3
    assert compact_totals() == 0

    assert totals_by_key(alice) == [(3, Decimal(6))]
    assert totals_by_key(alice, MonthTotal) == totals_by_key(alice, KindTotal) == [(3, Decimal(6))]
    assert before == 6
    assert_exact()


def test_rolled_back_row_is_not_counted(alice):
    with pytest.raises(ZeroDivisionError), seeing(alice):
        make_transaction(alice)
        raise ZeroDivisionError

    assert_exact()


def test_web_reads_only_its_clients_totals(alice, charlie):
    make_transaction(charlie, amount=7654321)

    assert totals_by_key(alice) == []
    with seeing(alice), connection.cursor() as cursor:
        cursor.execute(
            "select has_table_privilege('transactions_daytotal', 'insert')"
            " or has_table_privilege('transactions_delta', 'insert')"
            " or has_function_privilege('rebuild_totals(bigint)', 'execute')"
        )
        assert cursor.fetchone() == (False,)


def test_difference_is_reported_and_repaired(alice, capsys):
    make_transaction(alice, amount=100)
    compact_totals()
    execute("update transactions_daytotal set amount = amount + 1")

    with worker():
        difference, _of_kind, _of_month = differences(None, using="default")
        assert difference["slug"] == "alpha"
        assert (difference["count"], difference["amount"]) == (0, Decimal(-1))
        rebuild_totals(None, using="default")

    assert_exact()


def test_new_zone_moves_only_this_clients_totals(alice, charlie):
    edge = datetime(2026, 10, 31, 19, tzinfo=UTC)  # 1 November in Kolkata
    make_transaction(alice, logged_at=edge)
    make_transaction(charlie, logged_at=edge)
    compact_totals()

    with worker():
        Client.objects.filter(pk=alice.client.pk).update(time_zone="Europe/London")

    assert_exact()
    with seeing(alice):
        months = MonthTotal.unscoped.exclude(count=0).values_list("month").distinct()
        counted = {month: 0 for (month,) in months}
        for month, count in MonthTotal.unscoped.values_list("month", "count"):
            counted[month] = counted.get(month, 0) + count
        assert {month.month for month, count in counted.items() if count} == {10}


@pytest.fixture
def committed_owner(transactional_db, alice):
    return alice


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
def test_commands_compact_check_and_rebuild_totals(committed_owner, capsys):
    make_transaction(committed_owner, amount=100)
    call_command("compact_totals")
    call_command("check_totals")
    assert "Итоги сходятся" in capsys.readouterr().out

    execute("delete from transactions_daytotal")
    with pytest.raises(CommandError, match="Расхождений: 3"):
        call_command("check_totals", "--client=alpha")
    assert "slug=alpha" in capsys.readouterr().err

    call_command("rebuild_totals", "--client=alpha")
    call_command("check_totals")


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
def test_compacted_delta_leaves_no_empty_pages(committed_owner):
    for _transaction in range(50):
        make_transaction(committed_owner)

    call_command("compact_totals")

    with connections["worker"].cursor() as cursor:
        cursor.execute("select pg_relation_size('transactions_delta')")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"])
def test_truncated_table_empties_the_totals(committed_owner):
    make_transaction(committed_owner)
    compact_totals()
    make_transaction(committed_owner)

    with connections["owner"].cursor() as cursor:
        cursor.execute("alter table transactions_note disable trigger user")  # never changed else
        cursor.execute("truncate transactions_transaction cascade")
        cursor.execute("alter table transactions_note enable trigger user")

    for model in (DayTotal, MonthTotal, KindTotal):
        assert totals_by_key(committed_owner, model) == []
    assert_exact()


def test_kinds_match_between_database_and_selection(alice):
    for direction, type_, status in product(Direction.values, Type.values, Status.values):
        if type_ != "withdrawal" or direction == "outgoing":
            make_transaction(alice, direction=direction, type=type_, status=status)

    for kind, conditions in KIND_CONDITIONS.items():
        selection = of_all_days(alice, **conditions)
        with seeing(alice):
            rows = sorted(selection.rows().values_list("pk", flat=True))
            named = "transaction_kind(direction, type, status) = %s"
            assert rows == sorted(
                Transaction.unscoped.extra(where=[named], params=[kind]).values_list(
                    "pk", flat=True
                )
            )
            assert selection.kind == kind
            assert selection.totals().count == len(rows) > 0
    with seeing(alice):
        assert of_all_days(alice).totals().count == Transaction.unscoped.count()


def test_narrower_conditions_use_day_totals(alice):
    transaction = make_transaction(alice, label="user-7", usd_rate=None)
    pay_ins = of_all_days(alice).pay_ins()

    assert (
        pay_ins.replace(payment_systems=("upi_l",), country="IN").not_converted().kind == "pay_in"
    )
    for more in (
        {"wallet": transaction.wallet_id},
        {"types": ("real",)},
        {"statuses": ("failed",)},
    ):
        assert pay_ins.replace(**more).kind is None


def test_kind_totals_are_filtered_like_rows(alice):
    make_payment_system("bkash")
    other = make_wallet(alice.client, "other", payment_system="bkash", country="BD")
    make_transaction(alice, usd_rate=None)
    make_transaction(alice, wallet=other)
    compact_totals()
    make_transaction(alice, wallet=other)
    pay_ins = of_all_days(alice).pay_ins()

    with seeing(alice):
        assert pay_ins.totals().count == 3
        assert pay_ins.not_converted().totals().count == 1
        assert pay_ins.replace(country="BD").totals().count == 2
        assert pay_ins.replace(payment_systems=("upi_l",)).totals().count == 1


@pytest.mark.parametrize("table", ["daytotal", "monthtotal", "kindtotal"])
def test_rebuild_repairs_every_table_of_totals(alice, table):
    make_transaction(alice, amount=100)
    compact_totals()
    make_transaction(alice, amount=7)
    execute(f"update transactions_{table} set amount = amount + 1")

    with worker():
        assert differences(None, using="default") != []
        rebuild_totals(None, using="default")

    assert_exact()
    with seeing(alice):
        assert sum(DayTotal.unscoped.values_list("amount", flat=True)) == 107


def of_all_days(owner, **conditions):
    period = Period(None, None, owner.client.zone)
    return Selection(client=owner.client, period=period, **conditions)
