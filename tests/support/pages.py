import csv
import io
import re
from html import unescape
from html.parser import HTMLParser

READ_ATTRIBUTES = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "data-label",  # of a cell, on a phone
    "data-pk-name",  # of a chart
    "label",
    "placeholder",
    "title",
}
WITHOUT_END = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def words(response):
    """The text without tags; runs of spaces, no-break ones too, as one."""
    page = response.content.decode().replace("<wbr>", "")
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def numbers(response):
    return [row.record.number for row in response.context["table"].page.object_list]


def errors(response):
    return {name: list(found) for name, found in response.context["filter"].form.errors.items()}


def csv_rows(response):
    file = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file, newline=""), strict=True))


class Reader(HTMLParser):
    """A reader of the texts in HTML or a template that are seen or read out, each with its line.

    Elements whose `lang` is another language than the page's are skipped.
    """

    def __init__(self, html):
        super().__init__()
        self.language = None
        self.texts = []
        self.open = []  # tags, each with whether what it holds is read
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        language = attributes.get("lang")
        self.language = self.language or language
        reads = self.reads and tag not in ("script", "style") and language in (None, self.language)
        if reads:
            self.read_attributes(tag, attributes)
        if tag not in WITHOUT_END:
            self.open.append((tag, reads))

    def handle_endtag(self, tag):
        if any(tag == opened for opened, _reads in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, text):
        if self.reads:
            self.note(text)

    @property
    def reads(self):
        return not self.open or self.open[-1][1]

    def read_attributes(self, tag, attributes):
        if tag == "input" and attributes.get("type") in ("button", "reset", "submit"):
            self.note(attributes.get("value"))
        for name in READ_ATTRIBUTES & attributes.keys():
            self.note(attributes[name])

    def note(self, text):
        if text and text.strip():
            self.texts.append((self.getpos()[0], " ".join(text.split())))
