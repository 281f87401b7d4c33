"""Settings. What differs between machines comes from the environment, at the top."""

import zoneinfo
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from paykassma_admin.database.pool import POOL

django_stubs_ext.monkeypatch()
# Time zones are those of the locked package tzdata, whichever the machine has.
zoneinfo.reset_tzpath(to=[])

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
if not SECRET_KEY:  # Django would find out at the first signature
    raise ImproperlyConfigured("Set the SECRET_KEY environment variable: it is empty.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SERVED_OVER_HTTPS = env.bool("SERVED_OVER_HTTPS", default=True)
# Serve static files from where they are written, without `collectstatic`.
STATIC_FROM_SOURCE = env.bool("STATIC_FROM_SOURCE", default=False)


# A machine that is gone gives no answer: without a bound one would wait minutes for it.
NETWORK = {"connect_timeout": 5, "tcp_user_timeout": 10_000}  # seconds, milliseconds


# Four roles of one database; docs/adr/0002 and 0034 say which may do what.
def database(variable: str, *, test: dict[str, Any], **options: Any) -> dict[str, Any]:
    url = env.db_url(variable)
    if url["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{variable} is not the address of a PostgreSQL database.")
    together = NETWORK | url.get("OPTIONS", {}) | options  # the address may say sslmode
    return {**url, "OPTIONS": together, "CONN_HEALTH_CHECKS": True, "TEST": test}


# A page that takes ten milliseconds does not wait for other processes of PostgreSQL to start. With
# less memory a year of totals is sorted before it is gathered: by guess, it takes a tenth of this.
PAGES = "-c max_parallel_workers_per_gather=0 -c work_mem=16MB"
# Of one statement of a page or of the API; manage.py has none, and streamed files take it off.
STATEMENT_TIMEOUT = env.int("STATEMENT_TIMEOUT", default=30)  # seconds; 0 is none
PAGES += f" -c statement_timeout={STATEMENT_TIMEOUT}s"
# Only a process that has this address serves /admin/. Outside of it, it is web as any other.
IS_BACK_OFFICE_SERVED = bool(env.str("DATABASE_BACKOFFICE_URL", default=""))
SERVING_URL = "DATABASE_BACKOFFICE_URL" if IS_BACK_OFFICE_SERVED else "DATABASE_URL"
if IS_BACK_OFFICE_SERVED:
    PAGES += " -c role=paykassma_web"
DATABASES = {"default": database(SERVING_URL, pool=POOL, options=PAGES, test={"MIRROR": "owner"})}
# What serves has no use for these two: whoever breaks into it should not find them there.
if env.str("DATABASE_WORKER_URL", default=""):
    DATABASES["worker"] = database("DATABASE_WORKER_URL", test={"MIRROR": "owner"})
if env.str("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = database("DATABASE_OWNER_URL", test={"DEPENDENCIES": []})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "ninja",
    "procrastinate.contrib.django",
    "tablericons",
    "clients",
    "audit",
    "accounts",
    "workspace",
    "backoffice",
    "jobs",
    "imports",
    "wallets",
    "transactions",
    "accumulations",
    "search",
    "dashboard",
]
if env.bool("DEVTOOLS", default=False):  # `manage.py demo`; a server has none of it
    INSTALLED_APPS.append("devtools.demo")
MIDDLEWARE = [
    "paykassma_admin.middleware.headers.ResponseHeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # its files are compressed already
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "paykassma_admin.middleware.health.HealthMiddleware",
    "paykassma_admin.middleware.language.LanguageMiddleware",
    "paykassma_admin.middleware.request_body.RequestGuardMiddleware",
    "accounts.turns.RequestQueueMiddleware",
    "paykassma_admin.exports.csv.ExportMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.sessions.SignInRequiredMiddleware",
    "accounts.middleware.TenantMiddleware",
    "accounts.refusals.RefusalRecordMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "paykassma_admin.urls"
WSGI_APPLICATION = "paykassma_admin.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "paykassma_admin.formats",
                "paykassma_admin.templatetags.copy_button",
                "paykassma_admin.lists.rendered_fields",
                "paykassma_admin.templatetags.icons",
                "dashboard.swatches",
                "transactions.proof.rows",
                "transactions.totals.sums",
                "workspace.columns",
                "workspace.saved_views.menu",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "paykassma_admin.navigation.navigation",
                "paykassma_admin.appearance.appearance",
                "accounts.sessions.idle_seconds",
                "workspace.saved_views.menu.saved_views",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/login/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# A session ends with the browser; nobody is asked whether to be remembered.
ACCOUNT_SESSION_REMEMBER = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "accounts.sessions"
# Before what matters, whoever has signed in longer ago proves again who he is: seconds.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Wrong attempts are counted in the database, for all processes: accounts/sign_in/lockout.py.
ACCOUNT_RATE_LIMITS = {"login_failed": False}
# Attempts to sign in are counted by address: behind HTTPS, by the one that the proxy adds.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SERVED_OVER_HTTPS else 0
ACCOUNT_ADAPTER = "accounts.sign_in.adapter.AccountAdapter"
MFA_ADAPTER = "accounts.sign_in.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Paykassma"
MFA_TOTP_TOLERANCE = 1  # a code may be typed for half a minute more than it is shown
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
PASSWORD_HASHERS = ["accounts.sign_in.hashing.QueuedArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.sign_in.passwords.ProductWordsValidator"},
]

# Languages and time. Django's own time zone is UTC; a page shows its Client's.
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
FORMAT_MODULE_PATH = "paykassma_admin.django_formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Static files
STATIC_URL = "static/"
STATIC_ROOT = None if STATIC_FROM_SOURCE else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "paykassma_admin.staticfiles.npm_finder.NpmFinder",
]
NPM_ROOT = BASE_DIR / "node_modules"
NPM_FILES = [
    "@tabler/core/dist/css/tabler.min.css",
    "@tabler/core/dist/css/tabler.min.css.map",
    "@fontsource-variable/inter/index.css",
    "@fontsource-variable/inter/files/inter-*-wght-normal.woff2",
    "chart.js/dist/chart.umd.min.js",
    "chart.js/dist/chart.umd.min.js.map",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STATIC_FROM_SOURCE
        else "paykassma_admin.staticfiles.storage.HashedStaticFiles"
    },
}
WHITENOISE_USE_FINDERS = STATIC_FROM_SOURCE
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Source maps are for whoever opens the developer tools: eight megabytes, three times the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "woff2", "png", "gif", "gz", "br"]

# Transport and browser
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
# A program that sends its key over HTTP is told so; redirected, it would go on doing it.
SECURE_REDIRECT_EXEMPT = ["^health/", "^api/"]
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_OVER_HTTPS else 0
# Both bind hosts beside this one, and browsers for long: that is for who owns the domain to say.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which ask for both
# gunicorn would take it out of a header; guards go by the whole address.
FORCE_SCRIPT_NAME = ""
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SERVED_OVER_HTTPS else None
# Cookies of that name are taken by browsers from this host alone, and over HTTPS alone.
COOKIE_PREFIX = "__Host-" if SERVED_OVER_HTTPS else ""
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
# Of a cookie whoever holds the machine reads what was done; sessions end.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_SECURE = SERVED_OVER_HTTPS
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = SERVED_OVER_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.sign_in.stale_tokens.refuse_token"
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_HANDLERS = ["paykassma_admin.middleware.request_body.RejectFiles"]
# Files that are uploaded, of which web and the worker of jobs have the same.
UPLOADS_DIR = Path(env.str("UPLOADS_DIR", default=str(BASE_DIR / ".local" / "uploads")))
FILES_KEY = env.str("FILES_KEY", default="")  # encrypts them; SECRET_KEY where there is none

# API: of one key; more of them are answered with 429.
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=600)
# Upstreams that may be in a private network, as "host:port"; docs/adr/0050.
UPSTREAM_PRIVATE_HOSTS = env.list("UPSTREAM_PRIVATE_HOSTS", default=[])
# Bytes a second: who reads a file more slowly over a minute makes room for others who wait.
EXPORT_LEAST_RATE = env.int("EXPORT_LEAST_RATE", default=256 * 1024)

# Of a process. Who has which session or key is remembered apart: what pages keep drives it not out.
LOCAL = "django.core.cache.backends.locmem.LocMemCache"
MANY = {"MAX_ENTRIES": 10_000}
CACHES = {
    # With Django’s 300, many filters drive out what keeps a repeated event out of the log.
    "default": {"BACKEND": LOCAL, "OPTIONS": MANY},
    "members": {"BACKEND": LOCAL, "LOCATION": "members", "OPTIONS": MANY},
}

# Lists
DJANGO_TABLES2_TABLE_ATTRS = {"class": "table table-vcenter"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "paykassma_admin.middleware.request_ids.RequestIdFilter"},
        "one_line": {"()": "paykassma_admin.middleware.log_filters.OneLineFilter"},
        "wrong_host": {"()": "paykassma_admin.middleware.log_filters.WrongHostFilter"},
        "no_repeats": {"()": "paykassma_admin.middleware.log_filters.NoRepeatsFilter"},
    },
    "formatters": {
        "line": {
            "()": "paykassma_admin.middleware.request_ids.LineFormatter",
            "format": "{asctime} {levelname} {request_id} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "one_line"],
            "formatter": "line",
        }
    },
    "loggers": {
        "psycopg.pool": {"filters": ["no_repeats"]},
        "django.security.DisallowedHost": {"filters": ["wrong_host"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
