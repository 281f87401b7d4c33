from tests.hostile.texts import MARK
from tests.support.factories import PASSWORD

CSRF = "hostile0" * 4
RIGHT_CODE = "right-code"  # in whose place factors.py puts that of the moment
FORM = "application/x-www-form-urlencoded"

# Taken apart up to its signature, which is wrong; "dHdvZm9sZA" is the key that `twofold` has.
CREDENTIAL = """{"id": "dHdvZm9sZA", "rawId": "dHdvZm9sZA", "type": "public-key", "response": {
"clientDataJSON": "eyJ0eXBlIjogIngiLCAiY2hhbGxlbmdlIjogIiIsICJvcmlnaW4iOiAiIn0",
"authenticatorData": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFAAAAAA",
"signature": "AA", "userHandle": "MQ"}}"""

# What a page cannot offer, and without which nothing gets beyond the first check.
KNOWN = {
    "csrfmiddlewaretoken": [CSRF],
    "login": ["owner", "operator", "twofold", "nobody"],
    "password": [PASSWORD, "wrong"],
    "password1": ["another-" + PASSWORD],
    "password2": ["another-" + PASSWORD],
    "old_password": [PASSWORD, "wrong"],
    "new_password1": ["another-" + PASSWORD],
    "new_password2": ["another-" + PASSWORD],
    "repeated": [PASSWORD],
    "credential": ["{}", CREDENTIAL, CREDENTIAL.replace("response", "x"), CREDENTIAL[:60]],
    "code": ["000000", RIGHT_CODE],
    "name": ["Till"],
    "wallet_type": ["system_00", "system_07"],
    "label": ["guest", "regular1", "user*"],
    "order_number": ["ORD*"],
    "transaction_id": ["0000*"],
    "counterparty": ["payer", "ана"],
    "date_from": ["2026-11-17", "2026-11-24", "2026-01-01", "2024-12-01"],
    "date_to": ["2026-11-24", "2026-11-20", ""],
    "last_day": ["2027-11-24"],
    "amount_min": ["1"],
    "q": ["0", "client", MARK],
    "page": ["1", "2", "999999"],
    "per_page": ["25", "100"],
    "state": ["pending"],
    "arrival_currency": ["INR"],
    "p": ["0", "1", "9"],
    "o": ["1", "-2.1"],
    "sort": ["date", "-amount"],
    "next": ["/payments/transactions/"],
    "time_zone": ["Asia/Kolkata"],
}
# Of no form: the first are asked of every address all the same.
UNKNOWN = ["page", "per_page", "sort", "page", "per_page", "sort", "id", "client", "client_id"]
UNKNOWN += ["pk", "o", "e", "all", "_popup", "_to_field", "client__name", "password__startswith"]
UNKNOWN += ["format", "next", "user__password", "__class__"]


HEADERS = {
    "Host": ["evil.example", "a b", "[::1", "localhost:99999", "localhost:x", "тест", "", "\\"],
    "X-Forwarded-Host": ["evil.example", MARK],
    "X-Forwarded-For": [
        "",
        "unknown",
        MARK,
        "1.2.3.4, ::1",
        "9" * 5000,
        "::ffff:1.2.3.4",
        "[::1]:9",
    ],
    "X-Forwarded-Proto": ["http", "https, http", "x", MARK],
    "X-Forwarded-Port": ["0", "99999"],
    "X-Real-IP": [MARK],
    "Accept-Language": ["en", "xx-" + "y" * 5000, "ru;q=x", "*", MARK],
    "Accept": ["application/json", "*/*", "text/html;q=", "a/" * 500, MARK, ";;;,,,"],
    "Accept-Encoding": ["gzip", "br;q=9, gzip", "identity;q=0", "*"],
    "HX-Request": ["true", "false", MARK],
    "HX-Current-URL": ["https://evil.example/", "http://[", MARK, "/%FF"],
    "HX-Current-URL-URI-AutoEncoded": ["true"],
    "HX-Target": [MARK],
    "HX-Trigger": ["{", MARK],
    "HX-Boosted": ["true"],
    "Range": ["bytes=0-0", "bytes=-1", "bytes=9999999999999-", "bytes=" + "0-," * 2000],
    "X-Request-ID": [MARK, "x" * 5000],
    "X-Paykassma-Automatic": ["yes"],
    "X-CSRFToken": ["", CSRF, "x" * 5000],
    "X-HTTP-Method-Override": ["DELETE"],
    "Referer": ["https://evil.example/", "http://[", "/" + MARK, "//evil.example"],
    "Origin": ["null", "https://evil.example", "http://["],
    "User-Agent": [MARK, "", "x" * 5000, "\u202e"],
    "If-None-Match": ["*", '"x"'],
    "If-Modified-Since": ["x", "Thu, 01 Jan 0001 00:00:00 GMT", "Sun, 31 Feb 99999 25:61:61 GMT"],
    "Authorization": ["", "Bearer", "Bearer \udcff", "Basic x", "Bearer " + "k" * 5000, MARK],
    "Content-Length": ["-1", "x", "0", "99999999999999999999"],
    "Transfer-Encoding": ["chunked"],
    "Content-Encoding": ["gzip"],
    "Sec-Fetch-Site": ["cross-site"],
    "Forwarded": ["for=evil;host=evil.example;proto=http"],
    "Expect": ["100-continue"],
}
KEYS = ["key", "revoked key", "expired key", "idle key", "key of none"]  # who comes with one
COOKIES = ["sessionid", "csrftoken", "django_language", "theme", "messages", "x"]
CONTENT_TYPES = [FORM, "application/json", "text/plain", "", "multipart/form-data", "a/b;" * 500]
CONTENT_TYPES += [f"{FORM}; charset=utf-16", f"{FORM}; charset=x", "multipart/form-data; boundary="]
CHARSETS = [*[""] * 6, "; charset=utf-8", "; charset=unicode_escape", "; charset=hex"]
CONTENT_TYPES += [f"text/plain{charset}" for charset in CHARSETS[-2:]]
ENCODINGS = ["utf-8", "utf-16", "utf-16-le", "utf-32", "utf-32-be", "utf-8-sig", "latin-1"]
QUOTED_NUL = '"aaaaaaaa\\000"'  # in a cookie, where Python takes the quotes off
METHODS = [
    "HEAD",
    "OPTIONS",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "POST",
]
TAILS = ["%FF=%FF", "%00=%00", "&&&", "=", "a[]=1", "%", "%zz", "a;b=c", "\x80=\xff", "x=%ED%A0%80"]
ELSEWHERE = ["/static/", "/static/css/", "/health/live", "/health/ready", "/api/", "/api/v1/"]
ELSEWHERE += ["/favicon.ico", "/robots.txt", "/.git/HEAD", "/.env", "//", "/admin", "/security"]
