import json
import os
import runpy
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from environ import Env

ROOT = Path(__file__).parents[2]
ADDRESS = "postgresql://web@db.example.com/paykassma?sslmode=verify-full&sslrootcert=system"
SECRETS = {
    "SECRET_KEY": "x" * 50,
    "DATABASE_URL": ADDRESS,
    "DATABASE_WORKER_URL": ADDRESS,
    "DATABASE_OWNER_URL": ADDRESS,
}
STARTED = "import django; django.setup(); from django.conf import settings; "
SETTINGS = ROOT / "paykassma_admin/settings.py"


def python(code, environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "paykassma_admin.settings",
            **environment,
        },
        capture_output=True,
        text=True,
    )


def settings_of(**environment):
    """Return the settings of that environment, read in this process: a start takes a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Env, "ENVIRON", SECRETS | environment)
        return SimpleNamespace(**runpy.run_path(str(SETTINGS)))


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
def test_without_a_secret_it_does_not_start(name):
    done = python(STARTED, {other: text for other, text in SECRETS.items() if other != name})

    assert done.returncode == 1
    assert f"Set the {name} environment variable" in done.stderr


def test_a_server_needs_no_address_but_its_own():
    served = {name: SECRETS[name] for name in ("SECRET_KEY", "DATABASE_URL")}

    done = python(f"{STARTED} print(*settings.DATABASES)", served)

    assert done.stdout.split() == ["default"]


BACK_OFFICE = "postgresql://backoffice@/paykassma"


def asked_as(**environment):
    settings = settings_of(**environment)
    default = settings.DATABASES["default"]
    is_role_set = "role=" in default["OPTIONS"]["options"]
    return [default["USER"], is_role_set, settings.IS_BACK_OFFICE_SERVED]


def test_a_server_without_the_address_of_the_back_office_does_not_serve_it():
    assert asked_as() == ["web", False, False]
    assert asked_as(DATABASE_BACKOFFICE_URL="") == ["web", False, False]


def test_a_server_of_the_back_office_begins_as_web():
    assert asked_as(DATABASE_BACKOFFICE_URL=BACK_OFFICE) == ["backoffice", True, True]


def test_a_command_without_its_address_says_which_is_missing():
    served = {"SECRET_KEY": SECRETS["SECRET_KEY"], "DATABASE_URL": os.environ["DATABASE_URL"]}

    done = subprocess.run(
        [sys.executable, "manage.py", "compact_totals"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **served},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    first, second = done.stderr.splitlines()
    assert first == "The connection 'worker' doesn't exist."
    assert second.startswith("Set DATABASE_WORKER_URL='postgresql://paykassma_worker:")
    assert "Traceback" not in done.stderr


def test_an_empty_secret_key_is_none():
    done = python(STARTED, SECRETS | {"SECRET_KEY": ""})

    assert done.returncode == 1
    assert "Set the SECRET_KEY environment variable" in done.stderr


def test_by_itself_it_serves_over_https_and_does_not_debug():
    settings = settings_of()

    assert (settings.DEBUG, settings.SECURE_SSL_REDIRECT) == (False, True)


def hsts(**environment):
    settings = settings_of(**environment)
    whole = (settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD)
    return [settings.SECURE_HSTS_SECONDS, *whole]


@pytest.mark.parametrize(("https", "seconds"), [("on", 365 * 24 * 60 * 60), ("off", 0)])
def test_over_https_browsers_keep_to_it_for_a_year_on_this_host(https, seconds):
    assert hsts(SERVED_OVER_HTTPS=https) == [seconds, False, False]


def test_hosts_below_and_preload_are_for_the_domains_owner_to_say():
    said = {"HSTS_INCLUDE_SUBDOMAINS": "on", "HSTS_PRELOAD": "on"}

    assert hsts(**said)[1:] == [True, True]


def options(alias="default", **environment):
    return settings_of(**environment).DATABASES[alias]["OPTIONS"]


def test_a_statement_has_half_a_minute_or_what_the_environment_says():
    assert "-c statement_timeout=30s" in options()["options"]
    assert "-c statement_timeout=5s" in options(STATEMENT_TIMEOUT="5")["options"]


@pytest.mark.slow
def test_a_command_takes_as_long_as_it_needs():
    code = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"

    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **SECRETS, "STATEMENT_TIMEOUT": "5"},
        capture_output=True,
        text=True,
    )

    assert "-c statement_timeout=0s" in done.stdout


@pytest.mark.parametrize("alias", ["default", "worker", "owner"])
def test_a_database_that_is_gone_is_not_awaited_for_minutes(alias):
    found = options(alias)

    assert (found["connect_timeout"], found["tcp_user_timeout"]) == (5, 10_000)


@pytest.mark.parametrize(
    "module", ["paykassma_admin.gunicorn_settings", "devtools.setup.gunicorn_settings"]
)
def test_nobody_controls_gunicorn_over_a_socket(module):
    assert import_module(module).control_socket_disable is True


def test_a_page_waits_for_no_other_process_of_postgresql():
    assert "max_parallel_workers_per_gather=0" in options()["options"]


def test_a_secret_key_is_replaced_by_the_environment():
    assert settings_of().SECRET_KEY_FALLBACKS == []
    assert settings_of(SECRET_KEY_FALLBACKS="").SECRET_KEY_FALLBACKS == []
    assert settings_of(SECRET_KEY_FALLBACKS="a,b").SECRET_KEY_FALLBACKS == ["a", "b"]


@pytest.mark.parametrize("alias", ["default", "worker", "owner"])
def test_each_role_goes_to_the_database_as_its_address_says(alias):
    found = options(alias)

    assert (found["sslmode"], found["sslrootcert"]) == ("verify-full", "system")


COOKIES = """
from paykassma_admin.appearance import THEME_COOKIE
names = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME]
print(json.dumps([*names, THEME_COOKIE]))
"""


@pytest.mark.parametrize("https", ["on", "off"])
def test_over_https_every_cookie_is_of_this_host_alone(https):
    done = python(f"import json; {STARTED} {COOKIES}", SECRETS | {"SERVED_OVER_HTTPS": https})

    names = json.loads(done.stdout)
    assert len(names) == 4
    assert {name.startswith("__Host-") for name in names} == {https == "on"}
