"""Requests of the API by schemathesis, from its OpenAPI document."""

import json
from typing import Any

from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi

from paykassma_admin.api.api import api
from tests.hostile.texts import texts
from tests.hostile.values import CONTENT_TYPES, ENCODINGS, KEYS
from tests.hostile.wire import HostileRequest, encode_pairs, header_text

SCHEMA = openapi.from_dict(dict(api.get_openapi_schema()))
OPERATIONS: Any = list(SCHEMA.get_all_operations())
cases = st.one_of(
    *(each.ok().as_strategy(generation_mode=mode) for each in OPERATIONS for mode in GenerationMode)
)
BODIES = [
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b'{"wallet_type": 1e400}',
    b'{"wallet_type": "system_00", "wallet_type": "system_01"}',
    b'{"wallet_type": "system_00"}',
    b'{"wallet_type": "\\ud800"}',
    b'{"wallet_type": ' + b"9" * 5_000 + b"}",
    b"NaN",
    b'"\xff"',
    b"\xef\xbb\xbf{}",
    b"x" * 3_000_000,
]
bodies = st.one_of(
    st.sampled_from(BODIES),
    st.builds(
        lambda text, encoding: json.dumps({"wallet_type": text}).encode(encoding),
        texts,
        st.sampled_from(ENCODINGS),
    ),
)


def request(draw, asker, visitor):
    case = draw(cases)
    headers = {name: header_text(str(value)) for name, value in (case.headers or {}).items()}
    if visitor in KEYS:
        headers.pop("Authorization", None)  # it has its own
    kind = case.media_type or ""
    return HostileRequest(
        visitor,
        case.method,
        case.formatted_path.encode(),
        encode_pairs([(str(name), str(value)) for name, value in (case.query or {}).items()]),
        headers | (asker.headers() if asker.has_chance(3) else {}),
        body=draw(bodies) if asker.has_chance(3) else encode_body(case),
        content_type=asker.chance.choice(CONTENT_TYPES) if asker.has_chance(5) else kind,
    )


def encode_body(case):
    if isinstance(case.body, bytes):
        return case.body
    return json.dumps(case.body).encode("utf-8", "surrogatepass")
