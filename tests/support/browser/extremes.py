"""A Client of extremes: ten currencies, a trillion of each, and names of as many letters as fit.

Made in a process of its own, beside the server of the browser tests.
"""

from decimal import Decimal

from django.utils import timezone

from accounts.actions import create_api_key
from accounts.members.members import invite
from audit.kinds import Kind
from audit.record import Actor, record_event
from tests.support.factories import (
    days_ago,
    make_accumulation,
    make_balance,
    make_client,
    make_member,
    make_payment_system,
    make_transaction,
    make_wallet,
    worker,
)

LOGIN = "extremes"
CURRENCIES = ["INR", "BDT", "PKR", "KES", "NGN", "UGX", "KWD", "JPY", "BRL", "EUR"]
TRILLION = Decimal(10**12)
LONGEST = 190
KINDS = [
    ("real", "activated"),
    ("withdrawal", "activated"),
    ("forced", "activated"),
    ("real", "activated"),
    ("real", "not_activated"),
    ("withdrawal", "processing"),
    ("fake", "activated"),
]
CODE = "sys_" + "x" * 40


def wide(start, length=LONGEST):
    return start + "W" * (length - len(start))


def make():
    client = make_client(
        LOGIN, name=wide("Client", 100), time_zone="America/Argentina/Buenos_Aires"
    )
    owner = make_member(LOGIN, client=client)
    make_member(wide("member", 150), client=client)
    wallets = [wallet_in(client, currency) for currency in CURRENCIES]
    for place, wallet in enumerate(wallets):
        rows_of(owner, wallet, place)
    others = {"amount": 9 * TRILLION, "commission_percent": Decimal("99.1234")}
    for currency in CURRENCIES:
        make_balance(owner, f"{CODE}_INR", currency=currency, **others)
    access_of(owner)


def wallet_in(client, currency):
    code = f"{CODE}_{currency}"
    make_payment_system(code, name=wide(currency, 100), currency=currency, country="VC")
    names = {"name": wide("Name"), "currency": currency, "country": "VC"}
    return make_wallet(client, wide(f"{currency}-wallet"), payment_system=code, **names)


def rows_of(owner, wallet, place):
    texts = {
        "label": wide("label"),
        "order_number": wide("order"),
        "counterparty": wide("payer"),
    }
    for number, (type_, status) in enumerate(KINDS):
        forced = {"forced_by": wide("by"), "forced_reason": wide("why")}
        forced["forced_at"] = timezone.now()
        make_transaction(
            owner,
            wide(f"{wallet.currency}{number}"),
            wallet=wallet,
            type=type_,
            status=status,
            amount=TRILLION + Decimal("567890123.45"),
            usd_rate=None if number == 3 else "1.5",
            logged_at=days_ago(number) if number else timezone.now(),
            **texts,
            **(forced if type_ == "forced" else {}),
        )
    parts = {"label": texts["label"], "amount": TRILLION, "currency": wallet.currency}
    make_accumulation(owner, wide(f"A{place}"), wallet=wallet, **parts)


def access_of(owner):
    by = Actor(wide("actor", 150), "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")
    with worker():
        create_api_key(owner.client, name=wide("key", 100), scopes=["balance"], by=by)
        invite(owner.client, role="owner", by=by)
        details = {"label": wide("label"), "date_from": "2026-11-01", "type": "real,forced"}
        path = "/payments/transactions/export.csv"
        record_event(Kind.EXPORT, by=by, client=owner.client, target=path, details=details)
        record_event(Kind.BALANCE_REQUEST, by=by, client=owner.client, target=wide("target", 200))
