from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from wallets.models import PaymentSystem, PaymentSystemStatus
from wallets.statuses import Status


@dataclass(frozen=True)
class Country:
    code: str
    currency: str
    zone: ZoneInfo
    days_off: tuple[int, int]  # Monday is 0


INDIA = Country("IN", "INR", ZoneInfo("Asia/Kolkata"), (5, 6))
BANGLADESH = Country("BD", "BDT", ZoneInfo("Asia/Dhaka"), (4, 5))
PAKISTAN = Country("PK", "PKR", ZoneInfo("Asia/Karachi"), (5, 6))
MYANMAR = Country("MM", "MMK", ZoneInfo("Asia/Yangon"), (5, 6))
UGANDA = Country("UG", "UGX", ZoneInfo("Africa/Kampala"), (5, 6))


@dataclass(frozen=True)
class System:
    """`share` is how often it is used; of one that is online a payment ends in seven ways."""

    code: str
    name: str
    country: Country
    share: int
    commission: Decimal | None  # percent; None: not known
    is_online: bool = False
    is_active: bool = True


SYSTEMS = (
    System("upi_l", "UPI", INDIA, 30, Decimal("0.9")),
    System("phone_pe", "PhonePe", INDIA, 18, Decimal("1.2")),
    System("paytm", "Paytm", INDIA, 16, Decimal("1.8"), is_online=True),
    System("bkash", "bKash", BANGLADESH, 14, Decimal("1.85")),
    System("nagad", "Nagad", BANGLADESH, 9, None),
    System("easypaisa", "Easypaisa", PAKISTAN, 6, Decimal("2"), is_active=False),
    System("wavepay", "Wave Pay", MYANMAR, 5, None, is_online=True),
    # Serves several African countries; here it is Uganda, whose shilling has no cents.
    System("dusupay", "DusuPay", UGANDA, 4, Decimal("1.5"), is_online=True),
)
STATUSES_OF_ALL = (Status.ACTIVATED, Status.NOT_ACTIVATED, Status.DECLINED)


def make_systems() -> dict[str, PaymentSystem]:
    made = PaymentSystem.objects.bulk_create(
        PaymentSystem(
            code=system.code,
            name=system.name,
            currency=system.country.currency,
            country=system.country.code,
            is_active=system.is_active,
        )
        for system in SYSTEMS
    )
    PaymentSystemStatus.objects.bulk_create(
        PaymentSystemStatus(payment_system=record, status=status)
        for system, record in zip(SYSTEMS, made, strict=True)
        for status in (Status if system.is_online else STATUSES_OF_ALL)
    )
    return {record.code: record for record in made}
