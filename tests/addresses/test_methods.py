import pytest

from tests.addresses.test_addresses import (
    API_PAGES,
    BACK_OFFICE,
    LOOKING,
    ONLY_CHANGES,
    SIGN_OUT,
    addresses,
)
from tests.support.factories import make_transaction

pytestmark = pytest.mark.django_db

# Beside those that a page of a Client sends.
OTHER_CHANGES = {
    "preferences/",
    "security/sessions/end-others/",
    "security/sessions/<str:name>/end/",
}


def of_hers(path, alice):
    number = make_transaction(alice).pk if path.startswith("payments/") else alice.membership.pk
    for part in ("<int:pk>", "<str:name>", "<str:token>"):
        path = path.replace(part, str(number))
    return f"/{path}"


def test_what_changes_something_is_asked_by_post_alone(client, alice, subtests):
    client.force_login(alice)

    for path in sorted(ONLY_CHANGES | OTHER_CHANGES | LOOKING | SIGN_OUT):
        for method in ["get", "head"]:
            with subtests.test(path=path, method=method):
                response = getattr(client, method)(of_hers(path, alice))

                assert response.status_code == 405
                assert {*response.headers["Allow"].split(", ")} <= {"POST", "OPTIONS"}


# Pages of libraries, which ask for no method: by TRACE they answer as by GET.
OF_LIBRARIES = API_PAGES | BACK_OFFICE


def traced(client, address):
    response = client.trace(address, headers={"X-Sent": "what-was-sent"})
    assert "what-was-sent" not in response.content.decode()
    return response


def test_nothing_is_traced(client, alice, subtests):
    for path in sorted(addresses()):
        with subtests.test(path=path):
            assert traced(client, of_hers(path, alice)).status_code != 200


def test_nor_for_who_is_signed_in(client, alice, subtests):
    client.force_login(alice)

    for path in sorted({*addresses()} - OF_LIBRARIES):
        with subtests.test(path=path):
            assert traced(client, of_hers(path, alice)).status_code != 200


@pytest.mark.parametrize("path", sorted(OF_LIBRARIES))
def test_and_nothing_is_sent_back(client, alice, dora, path):
    client.force_login(dora if path in BACK_OFFICE else alice)

    traced(client, f"/{path}")


@pytest.mark.parametrize("probe", ["live", "ready"])
def test_a_probe_is_only_read(client, probe):
    assert client.head(f"/health/{probe}").status_code == 200
    assert client.post(f"/health/{probe}").status_code == 405
