from tests.support.factories import PASSWORD

LISTS = [
    "clients/client",
    "accounts/user",
    "accounts/apikey",
    "audit/auditevent",
    "accounts/failedsignins",
    "jobs/job",
    "wallets/paymentsystem",
    "wallets/wallet",
    "wallets/exchangerate",
    "wallets/balance",
    "transactions/transaction",
    "accumulations/accumulation",
]


def operator_form(login, client):
    """Return the form of a new user with a membership."""
    return {
        "username": login,
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "membership-TOTAL_FORMS": "1",
        "membership-INITIAL_FORMS": "0",
        "membership-0-client": client.pk,
        "membership-0-role": "operator",
    }


def client_form(**changes):
    """Return the form of Alice's Client, whose members stay."""
    alpha = {"name": "Alpha", "slug": "alpha", "time_zone": "Asia/Kolkata", "is_active": "on"}
    members = {"membership_set-TOTAL_FORMS": "0", "membership_set-INITIAL_FORMS": "0"}
    return alpha | members | changes
