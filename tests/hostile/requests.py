"""Requests of what pages offer, with something spoilt.

Hypothesis draws the texts and one number that all else follows from; a draw for each choice would
cost as much as the answer.
"""

import json
from urllib.parse import quote

from hypothesis import strategies as st

from tests.hostile import api
from tests.hostile.texts import MARK, MOMENTS, NUMBERS, TEXTS, texts
from tests.hostile.values import (
    CHARSETS,
    CONTENT_TYPES,
    COOKIES,
    CSRF,
    ELSEWHERE,
    FORM,
    HEADERS,
    KEYS,
    KNOWN,
    METHODS,
    QUOTED_NUL,
    TAILS,
    UNKNOWN,
)
from tests.hostile.wire import HostileRequest, encode_pairs, header_text

VISITORS = ["anonymous", "owner", "operator", "auditor", "stranger", "administrator", "key"] * 2
VISITORS += ["waiting", "twofold", "newcomer", "unassigned", "shut out", "onlooker"]
WITH_API = ["key"] * 10 + ["anonymous", "owner", "onlooker", *KEYS]
# Forms of the back office take ten times as long as a page, for its lists of zones and countries.
KINDS = ["pages"] * 17 + ["back office"] + ["api"] + ["elsewhere"]
WAYS = ["write"] * 5 + ["leave out", "repeat", "rename", "add"]
BOUNDARY = "b0undary"
chances = st.randoms(use_true_random=True)  # by Hypothesis' seed, in one draw


@st.composite
def requests(draw, offers, cookie_names):
    asker = Generator(draw(chances), lambda: draw(texts), cookie_names)
    kind = asker.chance.choice(KINDS)
    if kind == "api":
        return api.request(draw, asker, asker.chance.choice(WITH_API))
    if kind == "elsewhere":
        return asker.visit_elsewhere()
    return asker.fill_offer(offers[kind].draw(asker.chance))


class Generator:
    def __init__(self, chance, write, cookie_names):
        self.chance, self.write, self.cookie_names = chance, write, cookie_names

    def has_chance(self, number):
        return self.chance.randrange(number) == 0

    def fill_offer(self, offer):
        pairs = self.fill_fields(offer)
        sent = {"visitor": offer.visitor, "method": offer.method, "path": offer.path.encode()}
        sent |= (
            self.encode_body(pairs) if offer.method == "POST" else {"query": encode_pairs(pairs)}
        )
        if self.has_chance(5):
            sent["visitor"] = self.chance.choice(VISITORS)
        if self.has_chance(5):
            sent["headers"] = self.headers()
        if self.has_chance(10):
            sent |= self.spoil_request(sent)
        return HostileRequest(**sent)

    def visit_elsewhere(self):
        path = self.chance.choice(ELSEWHERE).encode() + self.chance.choice([b"", self.path_part()])
        query = quote(self.write(), errors="replace", safe="=&")
        method = self.chance.choice(["GET", "GET", "POST"])
        return HostileRequest(self.chance.choice(VISITORS), method, path, query, self.headers())

    # What is sent

    def fill_fields(self, offer):
        names = list(offer.fields)
        if offer.method == "GET":
            names = self.chance.choices([*names, *names, *UNKNOWN], k=self.chance.randrange(6))
        pairs = [(name, self.choose_value(name, offer.fields.get(name, []))) for name in names]
        for _spoilt in range(self.chance.choice([0, 1, 1, 2])):
            pairs = self.spoil_fields(pairs)
        return pairs

    def choose_value(self, name, values):
        if name == "csrfmiddlewaretoken":
            return CSRF
        return self.chance.choice([*KNOWN.get(name, []), *values] or [""])

    def spoil_fields(self, pairs):
        how = self.chance.choice(WAYS)
        if not pairs or how == "add":
            return [*pairs, (self.chance.choice([*UNKNOWN, self.write()]), self.write())]
        # Most forms have few fields, and without the token nothing else of them is looked at.
        first = 1 if pairs[0][0] == "csrfmiddlewaretoken" and not self.has_chance(8) else 0
        if first == len(pairs):
            return pairs
        place = self.chance.randrange(first, len(pairs))
        name, value = pairs[place]
        if how == "write":
            spoilt = [(name, self.write())]
        elif how == "repeat":
            spoilt = [(name, value), (name, self.write()), (name, value)]
        elif how == "rename":
            spoilt = [(f"{name}[]", value), (f"{name}__contains", value)]
        else:
            spoilt = []
        return [*pairs[:place], *spoilt, *pairs[place + 1 :]]

    def encode_body(self, pairs):
        how = self.chance.choice(["form"] * 8 + ["multipart", "wrong"])
        if how == "form":
            return {"body": encode_pairs(pairs).encode(), "content_type": FORM}
        if how == "multipart":
            cut = self.chance.choice([None, None, -1, -20, 10])
            kind = f"multipart/form-data; boundary={BOUNDARY}{self.chance.choice(CHARSETS)}"
            return {"body": self.multipart(pairs)[:cut], "content_type": kind}
        body = self.chance.choice([self.chance.randbytes(40), json.dumps(pairs).encode()])
        kind = self.chance.choice(CONTENT_TYPES)
        return {"body": body, "content_type": kind, "headers": {"X-CSRFToken": CSRF}}

    def multipart(self, pairs):
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
            f"{'; filename=../x.csv' if self.has_chance(9) else ''}\r\n\r\n{value}\r\n"
            for name, value in pairs
        ]
        return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode("utf-8", "surrogatepass")

    def headers(self):
        names = self.chance.sample(list(HEADERS), self.chance.choice([1, 1, 2, 3]))
        return {name: header_text(self.chance.choice(HEADERS[name])) for name in names}

    # What is spoilt of it

    def spoil_request(self, sent):
        what = self.chance.choice(["method", "path", "path", "tail", "cookies", "cookies"])
        if what == "method":
            return {"method": self.chance.choice(METHODS)}
        if what == "tail":
            return {"query": f"{sent.get('query', '')}&{self.chance.choice(TAILS)}"}
        if what == "cookies":
            name = self.chance.choice(COOKIES)
            value = self.chance.choice([QUOTED_NUL, *[header_text(self.write())] * 4])
            return {"cookies": {self.cookie_names.get(name, name): value}}
        parts = sent["path"].split(b"/")
        parts[self.chance.randrange(1, len(parts))] = self.path_part()
        return {"path": b"/".join(parts)}

    def path_part(self):
        number, raw = str(self.chance.randrange(1, 100_000)).encode(), self.chance.randbytes(8)
        text = self.chance.choice([*TEXTS, *NUMBERS, *MOMENTS, MARK])
        return self.chance.choice([number, raw, text.encode("utf-8", "surrogatepass")])
