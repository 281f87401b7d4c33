import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from tests.hostile.wire import HOST, Answer, HostileRequest

LONGEST_SECONDS = 3
RAW_MARK = re.compile(rb"""<zq7|zq7"|zq7'|zq7>""")
# What a browser would run when it is followed, however it is quote_text.
RUNS = re.compile(
    rb"""\b(?:href|src|action|formaction|hx-[a-z-]+|data-pk-[a-z-]+)\s*=\s*["']?[\0- ]*"""
    rb"""(?:javascript:|data:text)[^"'>]*zq7""",
    re.IGNORECASE,
)
# Of a form, at random: of a million pages one or two have one that ends in the mark.
TOKEN = re.compile(rb'"[A-Za-z0-9]{64}"')
BALANCES = (b"/wallets/", b"/api/")


def find_faults(asked: HostileRequest, answer: Answer, own: str | None) -> Iterator[str]:
    """Yield faults; `own` is the number of the Client that the visitor may see."""
    if answer.status >= 500:
        yield f"answers {answer.status}"
    if answer.seconds > LONGEST_SECONDS:
        yield "takes too long"
    if not asked.path.startswith(b"/static/"):
        yield from header_findings(answer)
    if answer.kind == "text/html" and b"zq7" in answer.body:
        yield from echoes(answer.body)
    if seen := foreign_clients(asked, answer, own):
        yield f"shows {b', '.join(sorted(seen)).decode()}"


def echoes(body: bytes) -> Iterator[str]:
    if RAW_MARK.search(TOKEN.sub(b"", body)):
        yield "echoes what was asked, unescaped"
    if RUNS.search(body):
        yield "echoes what was asked as something to run"


def header_findings(answer: Answer) -> Iterator[str]:
    policy = answer.headers.get("content-security-policy", "")
    if answer.status == 301:  # to HTTPS, before anything is looked at
        return
    if answer.kind == "text/html" and ("default-src 'self'" not in policy or "unsafe" in policy):
        yield f"has the policy {policy!r}"
    if "no-store" not in answer.headers.get("cache-control", ""):
        yield "may be kept by a cache"
    if is_foreign_redirect(answer.headers.get("location", "")):
        yield f"leads to {answer.headers['location']}"


def is_foreign_redirect(location: str) -> bool:
    """Return whether a browser would leave: it reads a backslash as a slash."""
    told = location.replace("\\", "/")
    parts = urlsplit(told)
    if parts.scheme not in ("", "http", "https") or parts.netloc not in ("", HOST):
        return True
    return told != told.strip() or "\n" in told


def foreign_clients(asked: HostileRequest, answer: Answer, own: str | None) -> set[bytes]:
    if may_see_all(asked):
        return set()
    wrote = asked.query.encode() + asked.body + asked.path
    names = set(foreign_names(own).findall(answer.body))
    found = {b"c" + name for name in names if name not in wrote}
    if asked.path.startswith(BALANCES):
        found |= set(balances_of_others(own).findall(answer.body))
    return found


def may_see_all(asked: HostileRequest) -> bool:
    if asked.visitor == "onlooker":
        return asked.path.startswith(b"/admin")  # outside he sees whom he looks at
    # Who has an invitation's link may know who invites.
    return asked.visitor == "administrator" or asked.path.startswith(b"/invitation/")


@cache
def foreign_names(own: str | None) -> re.Pattern[bytes]:
    """Return a pattern of other Clients' names, wallets and marked rows.

    The first letter is left out, as it may be a capital: so the text is searched in a quarter of
    the time.
    """
    return re.compile(rb"lient[- ](?!%b\b)\d\d\b" % number(own))


@cache
def balances_of_others(own: str | None) -> re.Pattern[bytes]:
    return re.compile(rb"\b77[.,]31(?!%b\b)\d\d\b" % number(own))


def number(own: str | None) -> bytes:
    return (own or "none").encode()
