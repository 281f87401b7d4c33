"""`dev.py messages`: the Russian catalog, brought in line with what the code and templates say.

English is what stands there itself, so it has no catalog. gettext's programs are not needed.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
RUSSIAN = Path("locale/ru/LC_MESSAGES/django.po")
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_noop": None}
KEYWORDS |= {f"{name}_lazy": places for name, places in DEFAULT_KEYWORDS.items()}


def bring_in_line(root: Path = ROOT) -> int:
    """Add what is new, take out what nothing says any more, and tell what has no Russian yet."""
    russian = catalog_of(root)
    russian.update(extract_messages(root), no_fuzzy_matching=True, update_creation_date=False)
    write(russian, root)
    lacking = [message_line(m) for m in russian if m.id and not has_translation(m)]
    print(*lacking, f"Without Russian: {len(lacking)}. It is written in {RUSSIAN}.", sep="\n")
    return 0


def catalog_of(root: Path = ROOT) -> Catalog:
    with (root / RUSSIAN).open("rb") as po:
        return read_po(po, locale="ru", domain="django")


def write(catalog: Catalog, root: Path) -> None:
    with (root / RUSSIAN).open("wb") as po:
        write_po(po, catalog, width=100, sort_output=True, no_location=True, ignore_obsolete=True)


def extract_messages(root: Path = ROOT) -> Catalog:
    catalog = Catalog(locale="ru")
    for path in [*code(root), *templates(root)]:
        for line, message, _comments, context in extract("python", source(path), KEYWORDS):
            place = (str(path.relative_to(root)), line)
            catalog.add(message, locations=[place], context=context)
    return catalog


def code(root: Path = ROOT) -> Iterator[Path]:
    for package in sorted(root.glob("*/__init__.py")):
        if package.parent.name != "tests":
            yield from sorted(package.parent.rglob("*.py"))


def templates(root: Path = ROOT) -> Iterator[Path]:
    yield from sorted(path for path in (root / "templates").rglob("*") if path.is_file())


def source(path: Path) -> BytesIO:
    """Python; a template as Django's own extraction sees it: calls of gettext amid blanks."""
    text = path.read_text()
    if path.suffix != ".py":
        text = f"({templatize(text)})"  # in brackets its indentation means nothing
    return BytesIO(text.encode())


def has_translation(message: Message) -> bool:
    return not message.fuzzy and all(forms(message.string or ""))


def forms(text: str | Sequence[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def message_line(message: Message) -> str:
    """Return place and message: "wallets/forms.py:20: Wallet type"."""
    places = [f"{path}:{line}" for path, line in message.locations] or [str(RUSSIAN)]
    context = f" ({message.context})" if message.context else ""
    return f"{', '.join(places)}: {forms(message.id)[0]}{context}"
