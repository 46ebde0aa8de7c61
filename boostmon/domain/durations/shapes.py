"""The shapes of written moments, as regular expressions over the plain text.

Each part can be matched in few ways, so that the time is linear in the text. The names of groups end in a letter where
a shape has the same part again.
"""

import re
from typing import Final

from boostmon.domain.durations.words import HALVES, ORDINALS, pattern

_S: Final = r"[ \t\r\n]"
_YEAR: Final = r"[1-9][0-9]{3}"
_ORDINAL: Final = rf"(?:{'|'.join(ORDINALS)})"
_HALF: Final = rf"(?:{'|'.join(rf'{half[0]}\.?{half[1]}\.?' for half in HALVES)})"

_ISO: Final = rf"(?P<year>{_YEAR})-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}})"
_DOTTED: Final = rf"(?P<day_d>[0-9]{{1,2}})\.{_S}?(?P<month_d>[0-9]{{1,2}})(?:\.{_S}?(?P<year_d>{_YEAR})|\.)?"
_DAY_FIRST: Final = (
    rf"(?P<day_n>[0-9]{{1,2}})(?:{_ORDINAL}|\.)?{_S}*(?:{pattern('of')}{_S}+)?(?P<name_n>{pattern('month')})\.?"
    rf"(?:(?:,{_S}*|{_S}+)(?:{pattern('of')}{_S}+)?(?P<year_n>{_YEAR}))?"
)
_MONTH_FIRST: Final = (
    rf"(?P<name_m>{pattern('month')})\.?{_S}*(?P<day_m>[0-9]{{1,2}}){_ORDINAL}?"
    rf"(?:(?:,{_S}*|{_S}+)(?P<year_m>{_YEAR}))?"
)
_WEEKDAY: Final = rf"(?:(?P<next>{pattern('following')}){_S}+)?(?P<weekday>{pattern('weekday')})\.?"
_NEAR_DAY: Final = rf"(?P<today>{pattern('today')})|(?P<tomorrow>{pattern('tomorrow')})"
_DAY: Final = (
    rf"(?:{pattern('on')}{_S}+)?"
    rf"(?P<date>{_ISO}|{_DOTTED}|{_DAY_FIRST}|{_MONTH_FIRST}|{_WEEKDAY}|{_NEAR_DAY})"
)

_OFFSET: Final = r"(?P<offset>z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_CLOCK: Final = (
    rf"(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?::(?P<second>[0-9]{{2}})(?:\.(?P<fraction>[0-9]{{1,6}}))?)?"
    rf"(?:{_S}*(?P<half>{_HALF}))?(?:{_S}*{pattern('o_clock')})?(?:{_S}*{_OFFSET})?"
)
_HOUR: Final = (
    rf"(?P<hour_h>[0-9]{{1,2}}){_S}*(?P<half_h>{_HALF})"
    rf"|(?P<hour_o>[0-9]{{1,2}})(?:\.(?P<minute_o>[0-9]{{2}}))?{_S}*{pattern('o_clock')}"
)
# Alone, 18h is a length.
_HOUR_AFTER_A_DAY: Final = r"(?P<hour_f>[0-9]{1,2})h(?P<minute_f>[0-9]{2})?"
_AT: Final = rf"(?:{pattern('at')}{_S}+)?"

UNTIL: Final = re.compile(rf"{pattern('until')}{_S}+")
WITHIN: Final = re.compile(rf"{pattern('within')}{_S}+")
LASTING: Final = re.compile(rf"(?:{pattern('lasting')}{_S}+|\+{_S}*)(?=[0-9.p])")
STAMP: Final = re.compile(r"<t:(-[0-9]{1,10}|[0-9]{1,13})(?::[a-z])?>")
DAY_THEN_TIME: Final = re.compile(
    rf"{_DAY}(?:(?:(?<=-[0-9])t|(?<=-[0-9][0-9])t|,?{_S}+{_AT})(?P<time>{_CLOCK}|{_HOUR}|{_HOUR_AFTER_A_DAY}))?"
)
TIME_THEN_DAY: Final = re.compile(rf"(?P<at>{_AT})(?P<time>{_CLOCK}|{_HOUR})(?:,?{_S}+{_DAY})?")

NUMBER_OR_DATE: Final = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})")
SHORT_YEAR: Final = re.compile(r"(?P<date>(?P<day>[0-9]{1,2}\.[0-9]{1,2}\.)(?P<year>[0-9]{2}))(?![0-9.])")
ANY_ORDER: Final = re.compile(
    r"(?P<date>(?P<one>[0-9]{1,2})/(?P<two>[0-9]{1,2})(?:/(?P<year>[0-9]{4}|[0-9]{2}))?"
    r"|(?P<one_d>[0-9]{1,2})-(?P<two_d>[0-9]{1,2})-(?P<year_d>[0-9]{4}|[0-9]{2})"
    rf"|(?P<year_y>{_YEAR})/(?P<one_y>[0-9]{{1,2}})/(?P<two_y>[0-9]{{1,2}}))(?![0-9/a-z-])"
)

WORDS_OF_MOMENTS: Final = re.compile(
    rf"(?<![a-z])(?:{'|'.join(map(pattern, ('weekday', 'month', 'today', 'tomorrow', 'until', 'following')))})(?![a-z])"
)
BEGINNING: Final = re.compile(r"<|[0-9]+-[0-9]|[0-9]+:[0-9]|[0-9]{1,2}\.[0-9]{1,2}\.(?![0-9.])")
MONTH_ALONE: Final = re.compile(rf"{pattern('month')}\.?(?:{_S}+{_YEAR})?")
