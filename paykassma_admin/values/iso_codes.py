"""Codes of currencies and countries on a day, and the successors of withdrawn ones.

Source: ISO 4217, lists one and three, and ISO 3166, parts 1 and 3, as published; names and what is
in use come from Babel (CLDR). A test holds both to each other, so that a new Babel which knows of
another end is noticed. ISO gives the end of a currency by its month, so the whole month counts.
"""

from calendar import monthrange
from datetime import date
from functools import cache
from typing import NamedTuple

from babel import Locale
from babel.core import get_global
from django.utils.translation import gettext as _

from paykassma_admin.imports.batches import shorten

CURRENCY_FORM = "^[A-Z]{3}$"
COUNTRY_FORM = "^[A-Z]{2}$"


class WithdrawnCode(NamedTuple):
    last: date
    successors: tuple[str, ...]


# Code, month of withdrawal, successor; "-" where none took its place.
WITHDRAWN_CURRENCIES = """
ADP 2003-07 EUR  AFA 2003-01 AFN  ALK 1989-12 ALL  ANG 2025-06 XCG  AOK 1991-03 AON  AON 2000-02 AOA
AOR 2000-02 AOA  ARA 1992-01 ARS  ARL 1983-06 ARS  ARM 1970-01 ARS  ARP 1985-07 ARS  ATS 2002-03 EUR
AZM 2005-12 AZN  BAD 1998-07 BAM  BAN 1997-07 BAM  BEC 1990-03 BEF  BEF 2002-03 EUR  BEL 1990-03 BEF
BGL 2003-11 BGN  BGM 1962-01 BGN  BGN 2026-01 EUR  BGO 1952-05 BGN  BOL 1963-01 BOB  BOP 1987-02 BOB
BRB 1986-03 BRL  BRC 1989-02 BRL  BRE 1993-03 BRL  BRN 1990-03 BRL  BRR 1994-07 BRL  BRZ 1967-02 BRL
BUK 1990-02 MMK  BYB 2001-01 BYR  BYR 2017-01 BYN  CLE 1975-09 CLP  CNX 1989-12 CNY  CSD 2006-10 RSD
CSK 1993-03 CZK  CUC 2021-06 CUP  CYP 2008-01 EUR  DDM 1990-09 DEM  DEM 2002-03 EUR  ECS 2000-09 USD
ECV 2000-09 USD  EEK 2011-01 EUR  ESA 1981-12 ESP  ESB 1994-12 ESP  ESP 2002-03 EUR  FIM 2002-03 EUR
FRF 2002-03 EUR  GEK 1995-10 GEL  GHC 2008-01 GHS  GNS 1986-02 GNF  GQE 1986-06 XAF  GRD 2002-03 EUR
GWE 1981-12 XOF  GWP 1997-05 XOF  HRD 1995-01 HRK  HRK 2023-01 EUR  IEP 2002-03 EUR  ILP 1981-12 ILS
ILR 1990-12 ILS  ISJ 1990-12 ISK  ITL 2002-03 EUR  KRH 1962-06 KRW  KRO 1953-02 KRW  LTL 2014-12 EUR
LTT 1993-07 LTL  LUC 1990-03 LUF  LUF 2002-03 EUR  LUL 1990-03 LUF  LVL 2014-01 EUR  LVR 1994-12 LVL
MAF 1989-12 MAD  MCF 2002-02 EUR  MDC 1993-11 MDL  MGF 2004-12 MGA  MKN 1993-05 MKD  MLF 1984-11 XOF
MRO 2017-12 MRU  MTL 2008-01 EUR  MTP 1983-06 MTL  MVP 1989-12 MVR  MXP 1993-01 MXN  MZE 1981-12 MZN
MZM 2006-06 MZN  NIC 1990-10 NIO  NLG 2002-03 EUR  PEI 1991-07 PEN  PES 1986-02 PEN  PLZ 1997-01 PLN
PTE 2002-03 EUR  RHD 1981-12 ZWD  ROL 2005-06 RON  RUR 2004-01 RUB  SDD 2007-07 SDG  SDP 1998-06 SDD
SIT 2007-01 EUR  SKK 2009-01 EUR  SLL 2023-12 SLE  SRG 2003-12 SRD  STD 2017-12 STN  SUR 1990-12 RUB
TJR 2001-04 TJS  TMM 2009-01 TMT  TPE 2002-11 USD  TRL 2005-12 TRY  UAK 1996-09 UAH  UGS 1987-05 UGX
USS 2014-03 USD  UYP 1993-03 UYU  VEB 2008-01 VEF  VEF 2018-08 VES  VNN 1990-12 VND  YDD 1991-09 YER
YUD 1990-01 CSD  YUM 2003-07 CSD  YUN 1995-11 CSD  YUR 1993-10 CSD  ZAL 1995-03 ZAR  ZMK 2012-12 ZMW
ZRN 1999-06 CDF  ZRZ 1994-02 CDF  ZWD 2008-08 ZWR  ZWL 2024-08 ZWG  ZWR 2009-06 ZWL
"""
# Codes that markets use beside ISO's.
NO_CODES = {"CNH": "CNY"}
# Of all codes in X these are money that is paid; the others are metals, units of account and tests.
PAID_X_CODES = frozenset({"XAF", "XCD", "XCG", "XOF", "XPF"})
# Currencies of list one that CLDR believes to be out of use.
STILL_IN_LIST_ONE = frozenset({"SVC"})

WITHDRAWN_COUNTRIES = {
    "AN": WithdrawnCode(date(2010, 12, 15), ("CW", "SX", "BQ")),
    "BU": WithdrawnCode(date(1989, 12, 5), ("MM",)),
    "CS": WithdrawnCode(date(2006, 9, 26), ("RS", "ME")),
    "DD": WithdrawnCode(date(1990, 10, 30), ("DE",)),
    "FX": WithdrawnCode(date(1997, 7, 14), ("FR",)),
    "SU": WithdrawnCode(date(1992, 8, 30), ()),
    "TP": WithdrawnCode(date(2002, 5, 20), ("TL",)),
    "YD": WithdrawnCode(date(1990, 8, 14), ("YE",)),
    "YU": WithdrawnCode(date(2003, 7, 23), ("RS", "ME")),
    "ZR": WithdrawnCode(date(1997, 7, 14), ("CD",)),
    # Never ISO's, and written often: "UK" is reserved for it.
    "UK": WithdrawnCode(date.min, ("GB",)),
}
# CLDR's codes of two letters that are no country's: unions, reservations, pseudo-locales. Kosovo
# stays: ISO has no code for it, and XK is what banks and the European Union write.
NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}


def end_of_month(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year, number, monthrange(year, number)[1])


@cache
def withdrawn_currencies() -> dict[str, WithdrawnCode]:
    words = iter(WITHDRAWN_CURRENCIES.split())
    triples = zip(words, words, words, strict=True)
    return {code: WithdrawnCode(end_of_month(month), (after,)) for code, month, after in triples}


@cache
def currencies() -> frozenset[str]:
    """Return the codes of all currencies but those that are known to have been withdrawn."""
    uses = get_global("territory_currencies").values()
    in_use = {code for used in uses for code, _since, until, _tender in used if until is None}
    paid = {code for code in in_use if code[0] != "X"} | PAID_X_CODES | STILL_IN_LIST_ONE
    return frozenset(paid - NO_CODES.keys() - withdrawn_currencies().keys())


@cache
def countries() -> frozenset[str]:
    codes = map(str, Locale.parse("en").territories)
    return frozenset(c for c in codes if len(c) == 2 and c.isalpha()) - NO_COUNTRIES


def successor_on(code: str, on: date) -> str:
    gone = withdrawn_currencies().get(code)
    return successor_on(gone.successors[0], on) if gone and on > gone.last else code


def currency_fault(code: str, on: date) -> str | None:
    if code in currencies():
        return None
    values = {"value": shorten(code), "instead": NO_CODES.get(code)}
    gone = withdrawn_currencies().get(code)
    if gone and on <= gone.last:
        return None
    if gone:
        values |= {"month": f"{gone.last:%Y-%m}", "instead": successor_on(code, on)}
        sentence = _(
            "“%(value)s” was withdrawn from ISO 4217 in %(month)s. Write “%(instead)s”, and the"
            " amount in it."
        )
    elif values["instead"]:
        sentence = _("“%(value)s” is no code of ISO 4217. Write “%(instead)s”.")
    elif code.startswith("X") and code in get_global("all_currencies"):
        sentence = _(
            "“%(value)s” is a metal, a unit of account or a test in ISO 4217. Write the currency"
            " that was paid in, as in “INR”."
        )
    else:
        sentence = _("“%(value)s” is no currency. Write it as in “INR”.")
    return sentence % values


def country_fault(code: str, on: date) -> str | None:
    if code in countries():
        return None
    gone = WITHDRAWN_COUNTRIES.get(code)
    if gone is None:
        return _("“%(value)s” is no country. Write it as in “IN”.") % {"value": shorten(code)}
    if on <= gone.last:
        return None
    values = {"value": code, "day": gone.last, "instead": ", ".join(gone.successors)}
    if not gone.successors:
        return _("“%(value)s” left ISO 3166 on %(day)s. Write the country of today.") % values
    if gone.last == date.min:
        return _("“%(value)s” is no code of ISO 3166. Write “%(instead)s”.") % values
    return _("“%(value)s” left ISO 3166 on %(day)s. Write one of today: %(instead)s.") % values
