"""What must hold of every answer, whatever was asked."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.hostile.wire import HOST, Answer, Asked

LONGEST_SECONDS = 3
RAW_MARK = re.compile(rb"""<zq7|zq7"|zq7'|zq7>""")
CLIENT = re.compile(rb"[Cc]lient[- ](\d\d)\b")  # as the generator names Clients and their wallets


def wrong(asked: Asked, answer: Answer, own: str | None) -> Iterator[str]:
    """`own` is the number of the visitor's Client; he is to see no other's name."""
    if answer.status >= 500:
        yield f"answers {answer.status}"
    if answer.seconds > LONGEST_SECONDS:
        yield "takes too long"
    if not asked.path.startswith(b"/static/"):
        yield from wrong_headers(answer)
    if answer.kind == "text/html" and RAW_MARK.search(answer.body):
        yield "echoes what was asked, unescaped"
    if seen := strangers(asked, answer, own):
        yield f"shows {b', '.join(sorted(seen)).decode()}"


def wrong_headers(answer: Answer) -> Iterator[str]:
    policy = answer.headers.get("content-security-policy", "")
    if answer.status == 301:  # to HTTPS, before anything is looked at
        return
    if answer.kind == "text/html" and ("default-src 'self'" not in policy or "unsafe" in policy):
        yield f"has the policy {policy!r}"
    if "no-store" not in answer.headers.get("cache-control", ""):
        yield "may be kept by a cache"
    if leads_away(answer.headers.get("location", "")):
        yield f"leads to {answer.headers['location']}"


def leads_away(location: str) -> bool:
    """Browsers take a backslash for a slash, and pass over line ends."""
    told = location.replace("\\", "/")
    return urlsplit(told).netloc not in ("", HOST) or told != told.strip() or "\n" in told


def strangers(asked: Asked, answer: Answer, own: str | None) -> set[bytes]:
    """Names of Clients that this visitor must not see, unless he wrote them himself."""
    if asked.visitor == "administrator" or asked.path.startswith(b"/invitation/"):
        return set()  # who has an invitation's link may know who invites
    wrote = asked.query.encode() + asked.body + asked.path
    return {
        found[0]
        for found in CLIENT.finditer(answer.body)
        if found[1].decode() != own and found[0] not in wrote
    }
