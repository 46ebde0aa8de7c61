"""The shapes of written moments, as regular expressions over the plain text.

Each part can be matched in few ways, so that the time is linear in the text. The names of groups end in a letter where
a shape has the same part again. They hold the words of all languages: those that not everybody's text is read by are
looked up in the asker's `Lexicon` afterwards.
"""

import re
from typing import Final

from boostmon.domain.durations.vocabularies import Kind
from boostmon.domain.durations.words import HALVES, pattern, telling_pattern

_S: Final = r"[ \t\r\n]"
_YEAR: Final = r"[1-9][0-9]{3}"
_ORDINAL: Final = pattern(Kind.ORDINAL)
_HALF: Final = rf"(?:{'|'.join(rf'{half[0]}\.?{_S}?{half[1]}\.?' for half in HALVES)})"
_OF: Final = rf"(?:{pattern(Kind.OF)}{_S}+)?"

_ISO: Final = rf"(?P<year>{_YEAR})-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}})"
_DOTTED: Final = rf"(?P<day_d>[0-9]{{1,2}})\.{_S}?(?P<month_d>[0-9]{{1,2}})(?:\.{_S}?(?P<year_d>{_YEAR})|\.)?"
_DAY_FIRST: Final = (
    rf"(?P<day_n>[0-9]{{1,2}})(?:{_ORDINAL}|\.)?{_S}*{_OF}(?P<name_n>{pattern(Kind.MONTH)})\.?"
    rf"(?:(?:,{_S}*|{_S}+){_OF}(?P<year_n>{_YEAR}))?"
)
_MONTH_FIRST: Final = (
    rf"(?P<name_m>{pattern(Kind.MONTH)})\.?{_S}*(?P<day_m>[0-9]{{1,2}}){_ORDINAL}?"
    rf"(?:(?:,{_S}*|{_S}+)(?P<year_m>{_YEAR}))?"
)
_FOLLOWING: Final = pattern(Kind.FOLLOWING)
_WEEKDAY: Final = (
    rf"(?:(?P<next>{_FOLLOWING}){_S}+)?(?P<weekday>{pattern(Kind.WEEKDAY)})\.?(?:{_S}+(?P<next_w>{_FOLLOWING}))?"
)
_NEAR_DAY: Final = rf"(?P<near>{pattern(Kind.NEAR_DAY)})"
_DAY: Final = (
    rf"(?:{pattern(Kind.ON)}{_S}+)?"
    rf"(?P<date>(?:(?P<weekday_b>{pattern(Kind.WEEKDAY)})(?:\.,?|,)?{_S}+)?"
    rf"(?:{_ISO}|{_DOTTED}|{_DAY_FIRST}|{_MONTH_FIRST})|{_WEEKDAY}|{_NEAR_DAY})"
)

_OFFSET: Final = r"(?P<offset>z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_O_CLOCK: Final = pattern(Kind.O_CLOCK)
_CLOCK: Final = (
    rf"(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?::(?P<second>[0-9]{{2}})(?:\.(?P<fraction>[0-9]{{1,6}}))?)?"
    rf"(?:{_S}*(?P<half>{_HALF}))?(?:{_S}*{_O_CLOCK})?(?:{_S}*{_OFFSET})?"
)
_HOUR: Final = (
    rf"(?P<hour_h>[0-9]{{1,2}}){_S}*(?P<half_h>{_HALF})"
    rf"|(?P<hour_o>[0-9]{{1,2}})(?:\.(?P<minute_o>[0-9]{{2}}))?{_S}*{_O_CLOCK}(?:{_S}+(?P<minute_u>[0-9]{{2}}))?"
)
# Alone, 18h is a length.
_MARKED_HOUR: Final = (
    rf"(?P<hour_f>[0-9]{{1,2}}){_S}?(?P<mark>{pattern(Kind.HOUR_MARK)})(?:{_S}?(?P<minute_f>[0-9]{{2}}))?"
)
_TIME: Final = rf"(?P<time>{_CLOCK}|{_HOUR}|{_MARKED_HOUR})"
_AT: Final = rf"(?:{pattern(Kind.AT)}{_S}+)?"
# After "at" no other number can be meant; up to twelve it may be in the evening.
_LATE_HOUR: Final = r"(?P<time_b>(?P<hour_b>1[3-9]|2[0-3]))"

UNTIL: Final = re.compile(rf"{pattern(Kind.UNTIL)}{_S}+")
WITHIN: Final = re.compile(rf"{pattern(Kind.WITHIN)}{_S}+")
LASTING: Final = re.compile(rf"(?:{pattern(Kind.LASTING)}{_S}+|\+{_S}*)(?=[0-9.p]|{pattern(Kind.ONE)}{_S})")
STAMP: Final = re.compile(r"<t:(-[0-9]{1,10}|[0-9]{1,13})(?::[a-z])?>")
DAY_THEN_TIME: Final = re.compile(
    rf"{_DAY}(?:(?:(?<=-[0-9])t|(?<=-[0-9][0-9])t|,?{_S}+{_AT}){_TIME}|,?{_S}+{pattern(Kind.AT)}{_S}+{_LATE_HOUR})?"
)
TIME_THEN_DAY: Final = re.compile(
    rf"(?:(?P<at>{_AT}){_TIME}|(?P<at_b>{pattern(Kind.AT)}){_S}+{_LATE_HOUR})(?:,?{_S}+{_DAY})?"
)

NUMBER_OR_DATE: Final = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})")
SHORT_YEAR: Final = re.compile(r"(?P<date>(?P<day>[0-9]{1,2}\.[0-9]{1,2}\.)(?P<year>[0-9]{2}))(?![0-9.])")
ANY_ORDER: Final = re.compile(
    r"(?P<date>(?P<one>[0-9]{1,2})/(?P<two>[0-9]{1,2})(?:/(?P<year>[0-9]{4}|[0-9]{2}))?"
    r"|(?P<one_d>[0-9]{1,2})-(?P<two_d>[0-9]{1,2})-(?P<year_d>[0-9]{4}|[0-9]{2})"
    rf"|(?P<year_y>{_YEAR})/(?P<one_y>[0-9]{{1,2}})/(?P<two_y>[0-9]{{1,2}}))(?![0-9/a-z-])"
)

_OF_MOMENTS: Final = (Kind.WEEKDAY, Kind.MONTH, Kind.NEAR_DAY, Kind.UNTIL, Kind.FOLLOWING)
WORDS_OF_MOMENTS: Final = re.compile(rf"(?<![a-z]){telling_pattern(*_OF_MOMENTS)}(?![a-z])")
BEGINNING: Final = re.compile(r"<|[0-9]+-[0-9]|[0-9]+:[0-9]|[0-9]{1,2}\.[0-9]{1,2}\.(?![0-9.])")
MONTH_ALONE: Final = re.compile(rf"(?P<month>{pattern(Kind.MONTH)})\.?(?:{_S}+{_YEAR})?")
