"""The weight of a visit on the wire: G14. Added up from what the pages link, without a browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from devtools.benchmarks.goals import Measured, at_most
from devtools.benchmarks.site import CHART, DASHBOARD, FLOOR, LIST, Site, address
from devtools.benchmarks.visitors import Answer, Visitor

KILOBYTE = 1000
SIGN_IN = "/login/"
ACCUMULATIONS = "/payments/accumulations/"
BALANCE = "/wallets/balance/"
FETCHED = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src"}
FONT_FACE = re.compile(r"@font-face\s*{(.*?)}", re.DOTALL)
URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")
CSS_IMPORT = re.compile(r"@import\s+(?:url\()?['\"]?([^'\"); ]+)")
# A script that is imported by a call is fetched when it is used first; a chart is drawn at once.
JS_IMPORT = re.compile(
    r"(?:from|import|import\((?=['\"][^'\"]*/chart_look))\s*['\"]([./][^'\"]+)['\"]"
)


def weight(site: Site) -> Iterator[Measured]:
    """A first visit signs in and sees the dashboard; from then on static files are kept."""
    stranger = Visit(Visitor(site.visitor.port, cookies=""))
    visit = Visit(site.visitor, stranger.kept, stranger.strangers)
    first = stranger.open(SIGN_IN) + visit.open(address(DASHBOARD)) + visit.ask(address(CHART))
    yield weight_line("first visit", first, 250)
    for what, path in {
        "dashboard": address(DASHBOARD),
        "list": address(LIST),
        "accumulations": address(ACCUMULATIONS),
        "balance": BALANCE,
        "about": FLOOR,
    }.items():
        again = visit.open(path)  # what only this page links counts at its first opening
        if path.startswith(f"{DASHBOARD}?"):
            again += visit.ask(address(CHART))
        yield weight_line(f"  later: {what}", again, 25)
    strangers = ", ".join(sorted(visit.strangers)) or "none"
    yield Measured("  other sites asked", strangers, len(visit.strangers), at_most(0, ""))


def weight_line(what: str, weight: int, most: float) -> Measured:
    ratio = weight / KILOBYTE
    return Measured(what, f"{ratio:.1f} kB", ratio, at_most(most, " kB"))


@dataclass
class Visit:
    visitor: Visitor
    kept: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)

    def open(self, path: str) -> int:
        page = self.visitor.get(path)
        characters = set(page.text)
        links = reversed(links_of(page.text))  # the last style sheet has the first say
        return size_of(page) + sum(self.fetch(link, path, characters) for link in links)

    def ask(self, path: str) -> int:
        return size_of(self.visitor.get(path))

    def fetch(self, link: str, base: str, characters: set[str]) -> int:
        url = urljoin(base, link)
        if urlsplit(url).netloc or url in self.kept or url.startswith("data:"):
            self.strangers |= {urlsplit(url).netloc} - {""}
            return 0
        self.kept.add(url)
        file = self.visitor.get(url)
        found = find_links(file, characters)
        return size_of(file) + sum(self.fetch(each, url, characters) for each in found)


def size_of(answer: Answer) -> int:
    return len(answer.body) + sum(len(f"{n}: {v}\r\n") for n, v in answer.headers.items())


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        link = dict(attrs).get(FETCHED.get(tag, ""))
        if link:
            self.found.append(link)


def links_of(page: str) -> list[str]:
    return Links(page).found


def find_links(file: Answer, characters: set[str]) -> list[str]:
    kind = file.headers.get("content-type", "")
    if "javascript" in kind:
        return JS_IMPORT.findall(file.text)
    if "css" not in kind:
        return []
    style = file.text
    fonts = used_fonts(FONT_FACE.findall(style), characters)
    rest = FONT_FACE.sub("", style)
    return [
        *CSS_IMPORT.findall(rest),
        *(link for part in (*fonts, rest) for link in URL.findall(part)),
    ]


def used_fonts(font_faces: list[str], characters: set[str]) -> list[str]:
    """A browser fetches a font only for characters in its range that no later one has.

    What is found is taken out of `characters`, so that style sheets before this one leave it alone.
    """
    used = []
    for face in reversed(font_faces):
        found = {character for character in characters if URL.search(face) and has(face, character)}
        used += [face] if found else []
        characters -= found
    return used


def has(font_face: str, character: str) -> bool:
    ranges = re.search(r"unicode-range:\s*([^;]+)", font_face)
    return ranges is None or any(
        first <= ord(character) <= last for first, last in map(bounds, ranges[1].split(","))
    )


def bounds(text: str) -> tuple[int, int]:
    """Return the bounds of "U+0400-045F", "U+2116" or "U+4??"."""
    first, _, last = text.strip().removeprefix("U+").partition("-")
    return int(first.replace("?", "0"), 16), int((last or first).replace("?", "F"), 16)
