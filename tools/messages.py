"""Brings the catalogues of translations up to date with the texts in the code: `make messages`.

A catalogue depends on nothing but the code and its own translations: no dates, no line numbers. New texts are added
without a translation, texts that are gone are dropped. A file that a merge left in conflict is put together again.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from boostmon.domain.languages import Language
from boostmon.texts.catalogues import path_of

TOP = Path(__file__).parents[1]
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "words": None,
    "_words": None,
    "msgid": None,
    "plural": (1, 2),
    "context": ((1, "c"), 2),
}
"""The names whose calls hold texts, and which of their arguments these are, as Babel's extractor takes them."""
NOTE = "Translators:"
"""What begins a comment, right above a text, that goes to the translators."""
TRANSLATED = tuple(language for language in Language if language is not Language.EN)

_HEADER = """\
# {name} texts of BoostMon. What may be changed here, and how, is told in docs/translating.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
_WIDTH = 100
_CONFLICT = re.compile(
    r"^<{7}[^\n]*\n(?P<ours>.*?)(?:^\|{7}[^\n]*\n.*?)?^={7}\n(?P<theirs>.*?)^>{7}[^\n]*\n", re.MULTILINE | re.DOTALL
)

type Key = tuple[str | None, str]


def key_of(message: Message) -> Key:
    """What gettext looks a message up by: its context and its (singular) text."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def messages_of(catalogue: Catalog) -> dict[Key, Message]:
    """The messages without the header, by their keys."""
    return {key_of(message): message for message in catalogue if message.id}


def extracted(top: Path = TOP) -> Catalog:
    """Every text in the code, without translations."""
    catalogue = Catalog()
    found = extract_from_dir(top / "boostmon", method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=[NOTE])
    for file, _line, text, comments, context in sorted(found, key=lambda one: one[:2]):
        catalogue.add(text, locations=[(f"boostmon/{file}", 0)], auto_comments=comments, context=context)
    return catalogue


def is_translated(message: Message) -> bool:
    """Whether there is a text in each of the message's forms."""
    return all(message.string) if isinstance(message.string, (list, tuple)) else bool(message.string)


def updated(language: Language, template: Catalog, written: str) -> str:
    """The catalogue for the texts of `template`, with the translations that it has in `written`."""
    olds = [messages_of(read(language, text)) for text in _sides(written)]
    catalogue = Catalog(locale=language)
    for key, text in messages_of(template).items():
        known = [old[key] for old in olds if key in old]
        best = next(filter(is_translated, known), next(iter(known), None))
        message = catalogue.add(
            text.id, locations=text.locations, auto_comments=text.auto_comments, context=text.context
        )
        if best is not None and best.pluralizable == text.pluralizable:
            message.string, message.flags, message.user_comments = best.string, best.flags, best.user_comments
    return _header(catalogue) + _body(catalogue)


def read(language: Language, text: str) -> Catalog:
    """The catalogue that is written in a .po file."""
    return read_po(BytesIO(text.encode()), locale=language, ignore_obsolete=True, abort_invalid=True)


def _sides(written: str) -> Iterator[str]:
    """The file, or the two files that a merge could not bring together: what is being merged in goes first."""
    theirs = _CONFLICT.sub(lambda found: found["theirs"], written)
    yield theirs
    if theirs != written:
        yield _CONFLICT.sub(lambda found: found["ours"], written)


def _header(catalogue: Catalog) -> str:
    name = catalogue.locale.get_display_name("en") if catalogue.locale else ""
    return _HEADER.format(name=name, language=catalogue.locale, plural_forms=catalogue.plural_forms)


def _body(catalogue: Catalog) -> str:
    body = BytesIO()
    write_po(body, catalogue, width=_WIDTH, sort_by_file=True, omit_header=True, include_lineno=False)
    return body.getvalue().decode().lstrip("\n")


def main() -> int:
    """Write the catalogues, and say what each lacks."""
    template = extracted()
    for language in TRANSLATED:
        path = path_of(language)
        text = updated(language, template, path.read_text(encoding="utf-8") if path.exists() else "")
        path.write_text(text, encoding="utf-8")
        messages = messages_of(read(language, text))
        missing = [text for (_, text), message in messages.items() if not is_translated(message)]
        print(f"{path.name}: {len(messages)} texts, {len(missing)} without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
