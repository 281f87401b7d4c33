import pytest
from django.contrib.contenttypes.models import ContentType

from accounts.models import Session
from backoffice.base import BoundedInline

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "asked",
    ["q=%00", "number=%00", "logged_at__year=99999", "client__slug__regex=(", "amount__gt=1"],
)
def test_a_list_is_asked_only_for_what_it_offers(office, alice, asked):
    assert office.get(f"/admin/transactions/transaction/?{asked}").status_code == 400


@pytest.mark.parametrize("asked", ["client__id__exact=abc", "p=abc", "p=-1", "o=99", "q=%FF"])
def test_what_a_list_cannot_understand_is_no_failure(office, rows, asked):
    assert office.get(f"/admin/transactions/transaction/?{asked}", follow=True).status_code == 200


def test_an_empty_name_of_a_field_is_no_failure(office, alice):
    address = f"/admin/clients/client/{alice.client.pk}/change/"

    assert office.get(address, {"_to_field": ""}).status_code == 200


@pytest.mark.parametrize("ticked", ["abc", "", "\0", "9" * 30])
def test_impossible_id_in_action_is_refused(office, alice, ticked):
    asked = {"action": "remove_second_factors", "_selected_action": ticked}

    assert office.post("/admin/accounts/user/", asked).status_code in (302, 400)


def test_a_form_has_as_many_rows_as_there_are_and_a_few(office, alice):
    told = {f"membership_set-{name}": 0 for name in ("INITIAL_FORMS", "MIN_NUM_FORMS")}
    told |= {"membership_set-TOTAL_FORMS": 10_000, "membership_set-MAX_NUM_FORMS": 10_000}

    page = office.post(f"/admin/clients/client/{alice.client.pk}/change/", told)

    (members,) = page.context["inline_admin_formsets"]
    assert len(members.formset.forms) <= 1 + BoundedInline.MORE


@pytest.mark.parametrize("path", ["r/{sessions}/%00/", "r/%00/1/", "wallets/wallet/%00/change/"])
def test_nul_in_address_is_refused(office, path):
    sessions = ContentType.objects.get_for_model(Session).pk

    assert office.get(f"/admin/{path.format(sessions=sessions)}").status_code == 400


@pytest.mark.parametrize("pk", ["abc", "9" * 30, "-1"])
def test_impossible_id_is_not_found(office, pk):
    response = office.get(f"/admin/wallets/wallet/{pk}/change/")

    assert response["Location"] == "/admin/"
