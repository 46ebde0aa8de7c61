"""English texts in a reader's language, with values filled in as that language writes them."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Literal, assert_never

from babel import Locale
from babel.dates import format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal

from boostmon.domain.durations import Amount, Span, Unit, rounded_parts
from boostmon.domain.languages import Language
from boostmon.texts.catalogues import translations_of

type Value = str | int | float | Decimal
"""What fills a placeholder. A number is written as the language writes it; an id is not a number, give it as text."""

_LOCALES = {Language.EN: Locale("en", "GB")}
"""Without a comma before the last `and`; numbers are written as in the United States."""
_SPACED = frozenset({Language.EN, Language.DE})
"""Where `1 day 2 hours` reads well; the others want an `and`."""
_PLAIN = 1000
"""Below it, every language writes an integer alike."""
_SECOND = timedelta(seconds=1)
_DAY = {Language.DE: "EEE d. MMM", Language.PT_BR: "EEE d 'de' MMM"}
"""A day by CLDR's pattern letters; `_ANY_DAY` in the other languages."""
_ANY_DAY = "EEE d MMM"
_SPANISH_CHANGES = {
    "standard": ("y", "e", re.compile(r"[*«`]*(?:[ií]|h[ií](?![ae]))", re.IGNORECASE)),
    "or": ("o", "u", re.compile(r"[*«`]*(?:h?[oó]|8|11\b)", re.IGNORECASE)),
}
"""The Spanish *and* and *or*, what they become before their own sound, and how a word with that sound begins."""


def msgid(text: str) -> str:
    """The text itself, marked to be translated: for a constant, which `words` takes later."""
    return text


class Words:
    """The words of one language.

    Each text is a literal, in English, with its values as named `{placeholders}`. Literals are found by the names in
    the code: call it `words` (or `self._words`), and mark what stands in a constant with `msgid`.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._locale = _LOCALES.get(language) or Locale.parse(language)
        self._translations = translations_of(language)

    def __call__(self, text: str, /, **values: Value) -> str:
        """The text, in this language."""
        return self._filled(self._translations.gettext(text), values)

    def context(self, context: str, text: str, /, **values: Value) -> str:
        """The text, where one English text needs several translations: `context` says which (`"a role"`)."""
        return self._filled(self._translations.pgettext(context, text), values)

    def plural(self, one: str, many: str, n: int, /, **values: Value) -> str:
        """The text in the right number for `n`, which also fills `{n}`."""
        return self._filled(self._translations.ngettext(one, many, n), {"n": n, **values})

    def number(self, number: float | Decimal) -> str:
        """The number, with the language's own marks: `2,000.5`, `2.000,5`."""
        if isinstance(number, int) and -_PLAIN < number < _PLAIN:
            return str(number)
        return format_decimal(number, locale=self._locale)

    def listed(self, items: Sequence[str]) -> str:
        """All of them: `a, b and c`."""
        return self._joined(items, "standard")

    def either(self, items: Sequence[str]) -> str:
        """One of them: `a, b or c`."""
        return self._joined(items, "or")

    def duration(self, duration: timedelta, units: int = 2) -> str:
        """The duration, rounded as `rounded_parts` does it: `1 day 2 hours`, `less than a second`, `no time`.

        It is an amount and stands in the nominative: `still {duration}`, not `in {duration}`.
        """
        parts = self._parts(duration, units)
        return " ".join(parts) if self.language in _SPACED else self.listed(parts)

    def amount(self, amount: Amount, units: int = 5) -> str:
        """The amount: `1 month`, `1 year 2 months 3 days`; a length in so many units. It stands as `duration` does."""
        if not isinstance(amount, Span):
            return self.duration(amount, units)
        years, months = divmod(amount.months, 12)
        parts = [self._counted(unit, count) for unit, count in ((Unit.YEAR, years), (Unit.MONTH, months)) if count]
        if amount.length:
            parts += self._parts(amount.length, units)
        return " ".join(parts) if self.language in _SPACED else self.listed(parts)

    def durations(self, durations: Sequence[timedelta], units: int = 2) -> list[str]:
        """Each for a list: without an `and` of its own, by which two would read as one: `1 heure 30 minutes`."""
        return [" ".join(self._parts(duration, units)) for duration in durations]

    def moment(self, local: datetime, *, with_year: bool) -> str:
        """A wall time, short, for where Discord's own stamps are not shown: `Sat 7 Nov 18:00`, `Sa. 7. Nov. 18:00`."""
        day = _DAY.get(self.language, _ANY_DAY)
        year = " 'de' y" if self.language is Language.PT_BR else " y"
        return format_datetime(local, f"{day}{year if with_year else ''} HH:mm", locale=self._locale)

    def _parts(self, duration: timedelta, units: int) -> list[str]:
        if duration < _SECOND:
            return [self(msgid("no time") if duration <= timedelta() else msgid("less than a second"))]
        return [self._counted(unit, count) for unit, count in rounded_parts(duration, units)]

    def _joined(self, items: Sequence[str], style: Literal["standard", "or"]) -> str:
        joined = format_list(items, style=style, locale=self._locale)
        if self.language is Language.ES and len(items) > 1:
            # Not by Babel: CLDR leaves it to the programs.
            usual, changed, sound = _SPANISH_CHANGES[style]
            if sound.match(last := items[-1]):
                return f"{joined.removesuffix(f'{usual} {last}')}{changed} {last}"
        return joined

    def _counted(self, unit: Unit, n: int) -> str:  # noqa: PLR0911 (one for each unit)
        # Not by CLDR: of Portuguese, Babel 2.18 has no days and no years.
        match unit:
            case Unit.SECOND:
                return self.plural("{n} second", "{n} seconds", n)
            case Unit.MINUTE:
                return self.plural("{n} minute", "{n} minutes", n)
            case Unit.HOUR:
                return self.plural("{n} hour", "{n} hours", n)
            case Unit.DAY:
                return self.plural("{n} day", "{n} days", n)
            case Unit.WEEK:
                return self.plural("{n} week", "{n} weeks", n)
            case Unit.MONTH:
                return self.plural("{n} month", "{n} months", n)
            case Unit.YEAR:
                return self.plural("{n} year", "{n} years", n)
            case _ as never:
                assert_never(never)

    def _filled(self, text: str, values: Mapping[str, Value]) -> str:
        shown = {name: value if isinstance(value, str) else self.number(value) for name, value in values.items()}
        return text.format_map(shown)


@cache
def words_of(language: Language) -> Words:
    """The words of a language; its catalogue is loaded when it is first asked for."""
    return Words(language)
