"""The demo data: whole or not at all, and true to every rule of the real ones."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Sum
from django.utils import timezone

from accumulations.models import Accumulation
from clients.models import Client, User
from dashboard import demo
from dashboard.demo import make_demo, market
from dashboard.demo.payments import Payments
from tests import factories
from tests.conftest import NOON
from tests.factories import worker
from transactions.models import Change, Transaction, Type
from wallets.models import Balance, PaymentSystem, Wallet
from wallets.statuses import Status

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

ENOUGH = 5_000  # for one of each kind


@pytest.fixture
def loaded():
    assert make_demo(ENOUGH)
    with worker():
        yield


def test_it_has_as_many_transactions_as_asked_for_none_of_them_in_the_future(loaded):
    assert Transaction.objects.count() == ENOUGH
    assert not Transaction.objects.filter(logged_at__gt=timezone.now()).exists()
    assert not Transaction.objects.filter(activated_at__gt=timezone.now()).exists()


def test_it_has_every_type_status_and_payment_system(loaded):
    assert set(Transaction.objects.values_list("type", flat=True)) == set(Type)
    assert set(Transaction.objects.values_list("status", flat=True)) == set(Status)
    systems = Transaction.objects.values_list("payment_system__code", flat=True)
    assert set(systems) == {system.code for system in market.SYSTEMS}


def test_some_transactions_have_no_rate(loaded):
    assert 0 < Transaction.objects.filter(usd_rate=None).count() < ENOUGH / 10


def test_statuses_have_a_history(loaded):
    assert Change.objects.filter(field="status", after="activated", actor="demo").exists()


def test_forced_transactions_say_who_when_and_why(loaded):
    assert not Transaction.objects.filter(type=Type.FORCED, forced_reason=None).exists()


def test_accumulations_are_made_of_pay_ins_that_add_up(loaded):
    made = Accumulation.objects.annotate(total=Sum("entries__transaction__amount"))

    assert made.exists()
    assert not made.exclude(amount=F("total")).exists()
    assert not made.exclude(entries__transaction__label=F("label")).exists()


def test_balances_show_each_case_of_the_balance_request(loaded):
    reported = set(Balance.objects.values_list("payment_system__code", flat=True))

    assert {system.code for system in market.SYSTEMS} - reported == {"wavepay"}
    assert Balance.objects.filter(commission_percent=None).exists()
    assert Balance.objects.filter(commission_percent=Decimal("1.5")).exists()
    assert PaymentSystem.objects.filter(is_active=False).exists()


def test_both_clients_have_their_zone_several_wallets_and_their_owner(loaded):
    assert dict(Client.objects.values_list("slug", "time_zone")) == {
        "alpha": "Asia/Kolkata",
        "beta": "Europe/Moscow",
    }
    for client in Client.objects.all():
        assert Wallet.objects.for_client(client).count() > 3


@pytest.mark.parametrize("name", ["alpha", "beta", "admin"])
def test_each_login_has_its_published_password(loaded, name):
    user = User.objects.get(username=name)

    assert user.check_password(f"{name}-demo-password")
    assert user.is_staff == (name == "admin")


def test_the_same_moment_gives_the_same_payments():
    def payments():
        wallets = {system: [f"{system.code}-1"] for system in market.SYSTEMS}
        return Payments(wallets, zone=ZoneInfo("Asia/Kolkata"), now=NOON).rows(50)

    assert payments() == payments()


def test_a_run_that_is_cut_leaves_nothing_and_the_next_one_makes_it_whole(monkeypatch):
    with monkeypatch.context() as cut:
        cut.setattr(demo.merchants, "make_accumulations", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make_demo(100)

    with worker():
        assert not Client.objects.exists()
    assert make_demo(100)


def test_a_second_run_changes_nothing(capsys):
    call_command("demo", transactions=50)
    call_command("demo", transactions=50)

    assert "уже" in capsys.readouterr().out
    with worker():
        assert Transaction.objects.count() == 50


def test_a_database_in_use_gets_no_logins_that_everybody_knows():
    factories.make_administrator("dora")

    with pytest.raises(CommandError, match="пуст"):
        call_command("demo")

    with worker():
        assert not User.objects.filter(username="admin").exists()
