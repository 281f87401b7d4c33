from datetime import datetime
from random import Random
from string import ascii_uppercase, digits

from devtools.demo.simulation.market import INDIA, Country, System
from devtools.demo.simulation.names import INDIANS

DIGIT, SIGN = "#", "?"
DRAWN = {DIGIT: digits, SIGN: digits + ascii_uppercase}

TRANSACTIONS = {
    "nagad": SIGN * 8,
    "easypaisa": DIGIT * 11,
    "wavepay": DIGIT * 10,
    "dusupay": "DUSUPAY" + SIGN * 15,
}
PHONES = {
    "IN": "9" + DIGIT * 9,
    "BD": "017" + DIGIT * 8,
    "PK": "034" + DIGIT * 8,
    "MM": "09" + DIGIT * 9,
    "UG": "+25677" + DIGIT * 7,
}
HANDLES = ("okhdfc", "okicici", "oksbi", "okaxis", "ybl", "paytm")


class TransactionNumbers:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.taken: set[str] = set()

    def next(self, system: System, at: datetime) -> str:
        form = form_of(system, at.astimezone(system.country.zone))
        number = fill_form(form, self.random)
        while number in self.taken:
            number = fill_form(form, self.random)
        self.taken.add(number)
        return number


def form_of(system: System, at: datetime) -> str:
    if system.country == INDIA:  # a UTR: the year's last digit, the day of the year, the hour
        return f"{at:%Y%j%H}"[3:] + DIGIT * 6
    if system.code == "bkash":  # a TrxID: year, month and day, a character each
        return base_36(at.year - 2013) + ascii_uppercase[at.month - 1] + base_36(at.day) + SIGN * 7
    return TRANSACTIONS[system.code]


def base_36(number: int) -> str:
    return DRAWN[SIGN][number % 36]


def fill_form(form: str, random: Random) -> str:
    return "".join(random.choice(DRAWN[sign]) if sign in DRAWN else sign for sign in form)


def account_in(country: Country, random: Random) -> str:
    """Return a substitute for a name that a system does not report."""
    phone = fill_form(PHONES[country.code], random)
    if country != INDIA:
        return phone
    nick = random.choice(INDIANS.first.split()).lower() + phone[-2:]
    return f"{random.choice((phone, nick))}@{random.choice(HANDLES)}"
