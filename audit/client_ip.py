from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

# The first that is found in what a browser calls itself: many call themselves by others' names.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "YaBrowser": "Yandex",
    "SamsungBrowser": "Samsung",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def client_ip(request: HttpRequest) -> str | None:
    """Return the address by the trusted proxy's header, or None if it holds no address.

    ALLAUTH_TRUSTED_PROXY_COUNT says how many proxies there are.
    """
    try:
        address: str = get_adapter().get_client_ip(request)
    except (ImproperlyConfigured, PermissionDenied):
        return None
    return address


def browser_name(request: HttpRequest) -> str:
    """Return "Chrome, Linux"; "" for an unknown browser."""
    name = request.META.get("HTTP_USER_AGENT", "")
    known = (first_match(BROWSERS, name), first_match(SYSTEMS, name))
    return ", ".join(filter(None, known))


def first_match(names: dict[str, str], name: str) -> str:
    return next((called for part, called in names.items() if part in name), "")
