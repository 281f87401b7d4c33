"""The real server on a database of its own, and a browser that forgives nothing.

No ORM call is made in this process: Playwright leaves an event loop running in its thread.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg
import pytest

from paykassma_admin.database.roles import ROLES

RESET_PREFERENCES = """
    update accounts_user
    set language = '', theme = '', density = '', refresh_seconds = 0, list_columns = '{}'
"""
ROOT = Path(__file__).resolve().parents[2]
# Marks a test that changes more of its browser than cookies, permissions and routes.
OWN_BROWSER = pytest.mark.browser_context_args()
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def environment():
    """The environment of a server on demo data.

    Each process of pytest-xdist has its own copy; two where it runs quick and slow tests.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    own = f"browser_{uuid.uuid4().hex}"
    with connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtext('browser tests'))")
        make_original(connection, f"browser_{run}")
        connection.execute(f"create database {own} template browser_{run}")
    return environment_on(own)


def make_original(connection, name):
    """Unless another process of this run has made it."""
    made = "select 1 from pg_database where datname = %s"
    if not connection.execute(made, [name]).fetchone():
        connection.execute(f"create database {name}")
        manage(environment_on(name), "migrate", "--database=owner", "--verbosity=0")
        manage(environment_on(name), "demo", "--transactions=3000")


def environment_on(database):
    own = {name: os.environ[name].rsplit("/", 1)[0] + f"/{database}" for name in ROLES}
    uploads = Path(tempfile.gettempdir()) / database
    return os.environ | own | {"ALLOWED_HOSTS": "127.0.0.1,localhost", "UPLOADS_DIR": str(uploads)}


def connect(url, **options):
    place = environ.Env.db_url_config(url)
    return psycopg.connect(
        host=place["HOST"], port=place["PORT"], user=place["USER"], dbname=place["NAME"], **options
    )


def manage(environment, *arguments):
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


@pytest.fixture(scope="session")
def server(environment):
    with serve(environment) as address:
        yield address


@contextmanager
def serve(environment):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "paykassma_admin.wsgi", f"--bind=127.0.0.1:{port}"]
    command += ["--worker-class=gthread", "--threads=8", "--log-level=warning"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as gunicorn:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/health/live")
        yield address
        gunicorn.terminate()


def wait_for(address):
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=2)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} does not answer")


@pytest.fixture
def sql(environment):
    with connect(environment["DATABASE_WORKER_URL"]) as connection:
        yield lambda query, *parameters: connection.execute(query, parameters).fetchall()


@pytest.fixture(autouse=True)
def no_preferences(environment):
    """Delete preferences, which would stay from one test to the next."""
    with connect(environment["DATABASE_WORKER_URL"]) as connection:
        connection.execute(RESET_PREFERENCES)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = os.environ.get("PAYKASSMA_CHROMIUM")
    return browser_type_launch_args | {"executable_path": path, "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, server):
    return browser_context_args | {"base_url": server, "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def shared_context(browser, browser_context_args):
    with browser.new_context(**browser_context_args) as context:
        yield context


@pytest.fixture
def context(request, shared_context):
    """A browser without cookies; its cache lasts. With the marker OWN_BROWSER it is a new one."""
    if request.node.get_closest_marker(OWN_BROWSER.name):
        yield request.getfixturevalue("new_context")()
        return
    shared_context.clear_cookies()
    shared_context.clear_permissions()
    yield shared_context
    for page in shared_context.pages[1:]:
        page.close()


@pytest.fixture
def page(context):
    """The tab of the test before, empty: a new one takes Chromium a second."""
    page = context.pages[0] if context.pages else context.new_page()
    page.unroute_all(behavior="ignoreErrors")
    page.goto("about:blank")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(media="screen", color_scheme="light", reduced_motion="no-preference")
    return page


# Django's form of a new user asks for the focus twice. The last press breaks off the request before
# it, which htmx calls an error, as it calls its end; what is one has a sentence of its own, too.
FORGIVEN = ("Autofocus processing was blocked", "htmx:sendAbort", "htmx:afterRequest")


def sentence_of(message):
    return [] if message.text.startswith(FORGIVEN) else [message.text]


@pytest.fixture
def complaints(page):
    """Errors and CSP violations of the browser; a test fails at its end if there are any."""
    heard = []
    listeners = {
        "console": lambda message: heard.extend(sentence_of(message)),
        "pageerror": lambda error: heard.append(str(error)),
        "requestfailed": lambda request: heard.extend(failure_of(request)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield heard
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert heard == []


def failure_of(request):
    """Leaving a page breaks off what it still asks for: that is no failure."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url}: {request.failure}"]


@pytest.fixture(scope="session")
def cookies(browser, server):
    with browser.new_context(base_url=server) as context:
        page = context.new_page()
        page.goto("/login/")
        sign_in(page)
        return context.cookies()


def sign_in(page, password="alpha-demo-password", login="alpha"):
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()


def confirm_if_asked(page, password="alpha-demo-password"):
    """Before what matters, whoever has signed in longer ago than five minutes is asked again."""
    if "/security/confirm/" in page.url:
        page.locator("[name=password]").fill(password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_load_state()


@pytest.fixture
def alpha(page, complaints, cookies, has_ended):
    page.context.add_cookies(cookies)
    if has_ended(cookies):  # another test was asked to confirm, which renews the session's key
        page.goto("/login/")
        sign_in(page)
        cookies[:] = page.context.cookies()
    return page


@pytest.fixture
def has_ended(sql):
    found = "select from accounts_session where session_key = %s and expire_date > now()"

    def has_ended(cookies):
        [key] = [cookie["value"] for cookie in cookies if cookie["name"] == "sessionid"]
        return not sql(found, key)

    return has_ended
