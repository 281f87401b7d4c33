from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from django.urls import Resolver404, resolve


def walk(client, start, *, most):
    """The pages reached from `start`; at most `most` that differ in nothing but parameters."""
    met, waiting, of_route = {start}, deque([start]), Counter()
    while waiting:
        response = client.get(address := waiting.popleft(), follow=True)
        if response.streaming:  # a file, which holds the connection until it is read
            response.getvalue()
        elif response.headers["Content-Type"].startswith("text/html"):
            yield address, response
            for further in Ways(address, response.content.decode()).ways:
                route = route_of(further)
                if route is not None and further not in met and of_route[route] < most:
                    of_route[route] += 1
                    met.add(further)
                    waiting.append(further)


def route_of(address):
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return None


class Ways(HTMLParser):
    def __init__(self, address, html):
        super().__init__()
        self.address = address
        self.ways = []
        self.form = None  # its action, and the fields that it sends as it stands
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and given.get("href", "").startswith(("/", "?")):
            self.add(given["href"])
        elif tag == "form" and given.get("method", "get") == "get":
            self.form = (given.get("action", ""), [])
        elif tag == "input" and self.form and "name" in given:
            self.fill_in(given)

    def handle_endtag(self, tag):
        if tag == "form" and self.form:
            action, fields = self.form
            self.add(f"{action}?{urlencode(fields)}")
            self.form = None

    def fill_in(self, given):
        if given.get("type") not in ("checkbox", "radio") or "checked" in given:
            self.form[1].append((given["name"], given.get("value", "")))

    def add(self, way):
        self.ways.append(urljoin(self.address, way))
