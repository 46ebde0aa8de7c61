"""The golden texts: `make golden` writes them, tests/unit/texts/test_golden.py holds the bot to them.

One file a language, to be read from top to bottom: what is said in each of the examples, then the texts that are in no
example, such as the descriptions of commands.
"""

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from boostmon.texts import Language, Value, Words
from boostmon.texts.catalogues import translations_of
from tests.support.examples import PLAIN, said
from tests.support.examples.said import readable
from tools.messages import Key, extracted, messages_of

FOLDER = Path(__file__).parents[1] / "unit" / "texts" / "golden"


class Recorder(Words):
    """Words that remember which texts were asked for."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self.asked: set[Key] = set()

    def __call__(self, text: str, /, **values: Value) -> str:
        self.asked.add((None, text))
        return super().__call__(text, **values)

    def context(self, context: str, text: str, /, **values: Value) -> str:
        self.asked.add((context, text))
        return super().context(context, text, **values)

    def plural(self, one: str, many: str, n: int, /, **values: Value) -> str:
        self.asked.add((None, one))
        return super().plural(one, many, n, **values)


def path_of(language: Language) -> Path:
    """The golden file of a language."""
    return FOLDER / f"{language}.txt"


def golden(language: Language) -> str:
    """What the file of a language has to hold."""
    words = Recorder(language)
    lines = [f"What BoostMon says in {language}. Written by `make golden`; mend the texts, not this file."]
    for title, examples in groupby(said(words, PLAIN), key=lambda example: example[0]):
        lines += ["", "", title, "=" * len(title)]
        for _, name, one in examples:
            lines += ["", f"· {name}"]
            lines += (f"    {readable(line, language)}" for line in one.lines())
    lines += ["", "", "Texts that are in no example", "============================", ""]
    lines += _others(words)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _others(words: Recorder) -> Iterator[str]:
    """As they are in the catalogue, with their placeholders."""
    translations = translations_of(words.language)
    for key, message in messages_of(extracted()).items():
        if key in words.asked:
            continue
        context, text = key
        if not isinstance(message.id, str):
            one, many = message.id
            yield from (translations.ngettext(one, many, n) for n in (1, 2))
        elif context is None:
            yield translations.gettext(text)
        else:
            yield translations.pgettext(context, text)


def main() -> int:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    for language in Language:
        path_of(language).write_text(golden(language), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
