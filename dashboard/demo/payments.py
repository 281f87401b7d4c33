"""Transactions as merchants see them, made up: the same at each run, up to now."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from dashboard.demo.market import DAYS, SEED, System
from paykassma_admin import money

NAMES = {
    "IN": ("राज कुमार", "प्रिया शर्मा", "अमित सिंह", "सुनीता देवी", "Rajesh Patel", "Anita Desai"),
    "BD": ("রহিমা বেগম", "মোহাম্মদ করিম", "ফাতেমা আক্তার", "Abdul Hasan", "Nusrat Jahan"),
    "PK": ("Muhammad Usman", "Ayesha Khan", "Bilal Ahmed"),
    "MM": ("Aung Kyaw", "Thiri Win", "Min Thu"),
    "UG": ("Grace Nakato", "David Okello", "Иван Петров", "Ольга Смирнова"),
}
VISITORS = ("Иван Петров", "Мария Кузнецова", "Алексей Попов", "John Smith")

# How busy the hours of the day are, from midnight on.
HOURS = (3, 2, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 9, 9, 9, 9, 10, 10, 11, 12, 12, 10, 8, 5)


class Payments:
    """Makes rows of one Client, as texts by column, the way a payment system reports them."""

    def __init__(self, wallets: dict[System, list[str]], *, zone: ZoneInfo, now: datetime) -> None:
        self.random = Random(f"{SEED} {zone.key}")  # noqa: S311  # nothing secret
        self.wallets = wallets
        self.systems = list(wallets)
        self.shares = [system.share for system in wallets]
        self.zone = zone
        self.now = now.replace(microsecond=0)

    def rows(self, count: int) -> list[dict[str, str]]:
        moments = sorted(self.moment() for _ in range(count))
        return [self.row(serial, at) for serial, at in enumerate(moments)]

    def moment(self) -> datetime:
        while True:
            at = self.now - timedelta(seconds=self.random.randrange(DAYS * 86_400))
            if self.random.randrange(max(HOURS)) < HOURS[at.astimezone(self.zone).hour]:
                return at

    def row(self, serial: int, at: datetime) -> dict[str, str]:
        system = self.random.choices(self.systems, self.shares)[0]
        type_ = self.random.choices(("real", "withdrawal", "fake", "forced"), (80, 15, 3, 2))[0]
        status = self.status(system, type_, at)
        return {
            "number": self.number(system, serial),
            "payment_system": system.code,
            "wallet": self.random.choice(self.wallets[system]),
            "direction": "outgoing" if type_ == "withdrawal" else "incoming",
            "type": type_,
            "status": status,
            "amount": str(self.amount(system)),
            "currency": system.currency,
            "country": system.country,
            "counterparty": self.counterparty(system),
            "logged_at": at.isoformat(),
            **self.claim(serial, type_, status, at),
        }

    def status(self, system: System, type_: str, at: datetime) -> str:
        if type_ == "forced":
            return "activated"
        is_fresh = self.now - at < timedelta(hours=30)
        if system.is_online and is_fresh and self.random.random() < 0.5:
            return self.random.choice(("pending", "processing"))
        ends = ("activated", "not_activated", "declined", "failed", "cancelled")
        weights = (78, 0 if type_ == "withdrawal" else 12, 6, 4, 3)
        known = len(ends) if system.is_online else 3
        return self.random.choices(ends[:known], weights[:known])[0]

    def number(self, system: System, serial: int) -> str:
        """A serial spread out, so that numbers look drawn and none comes twice."""
        drawn = 400_000_000_000 + serial * 104_729 + self.random.randrange(104_729)
        return f"{drawn}" if system.country == "IN" else f"{system.code[:2].upper()}{drawn:X}"

    def amount(self, system: System) -> Decimal:
        drawn = Decimal(int(system.usual * self.random.lognormvariate(0, 0.8)) + system.usual // 10)
        if self.random.random() < 0.7:
            return drawn.quantize(Decimal("1E2")).quantize(Decimal(1))
        return money.quantize(drawn + Decimal(self.random.randrange(100)) / 100, system.currency)

    def counterparty(self, system: System) -> str:
        names = NAMES[system.country]
        if self.zone.key == "Europe/Moscow" and self.random.random() < 0.4:
            names = VISITORS
        return self.random.choice(names)

    def claim(self, serial: int, type_: str, status: str, at: datetime) -> dict[str, str]:
        """Who paid and for what: nobody has said so of what is not activated."""
        if status == "not_activated" and self.random.random() < 0.9:
            return {}
        claim = {"label": f"user-{int(self.random.random() ** 2 * 2_500) + 1}"}
        if type_ != "forced" and self.random.random() < 0.85:
            claim["order_number"] = f"order-{100_000 + serial}"
        if status == "activated":
            waited = timedelta(seconds=self.random.randrange(5, 1_800))
            claim["activated_at"] = min(at + waited, self.now).isoformat()
        return claim

    def earlier(self, rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
        """What was reported of some of `rows` before: so that their status has a history."""
        online = {system.code for system in self.systems if system.is_online}
        for row in rows:
            status = "pending" if row["payment_system"] in online else "not_activated"
            if row["status"] not in ("not_activated", "pending") and self.random.random() < 0.04:
                type_ = "real" if row["type"] == "forced" else row["type"]
                unclaimed = {"label": "", "order_number": "", "activated_at": ""}
                yield row | unclaimed | {"status": status, "type": type_}
