import pytest

from clients.choices import renew_choices
from clients.models import Client
from tests.support.factories import make_wallet, seeing, worker
from wallets.models import PaymentSystem, Wallet

pytestmark = pytest.mark.django_db


def version(owner):
    with worker():
        return Client.objects.get(pk=owner.client.pk).choices_version


def rename_wallet(owner):
    with worker():
        Wallet.unscoped.filter(client=owner.client).update(name="Shop")


def rename_system(owner):
    with worker():
        PaymentSystem.objects.filter(wallet__client=owner.client).update(name="UPI")


def import_rows(owner):
    with seeing(owner):
        renew_choices()


def add_wallet(owner):
    make_wallet(owner.client, "second", payment_system="bkash")


@pytest.mark.parametrize("change", [add_wallet, rename_wallet, import_rows])
def test_a_change_renews_the_choices_of_its_client_alone(alice, charlie, change):
    before, strangers = version(alice), version(charlie)

    change(alice)

    assert version(alice) > before
    assert version(charlie) == strangers


def test_a_renamed_payment_system_renews_the_choices_of_all_who_have_it(alice, charlie):
    make_wallet(alice.client, "second", payment_system="bkash")
    before = version(alice), version(charlie)

    rename_system(alice)

    assert version(alice) > before[0] and version(charlie) > before[1]


def test_a_form_that_was_opened_before_takes_no_version_back(alice):
    opened = alice.client
    add_wallet(alice)
    renewed = version(alice)

    with worker():
        opened.save()

    assert version(alice) == renewed


def test_nobody_renews_the_choices_of_no_client(alice):
    before = version(alice)

    renew_choices()

    assert version(alice) == before


def test_a_wallet_of_the_back_office_is_offered_at_once(client, alice):
    client.force_login(alice)
    client.get("/payments/transactions/")

    add_wallet(alice)

    assert 'value="bkash"' in client.get("/payments/transactions/").content.decode()
