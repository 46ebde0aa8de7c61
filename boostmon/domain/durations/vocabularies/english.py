"""English, which is read for everybody: its short units are what people of every language type."""

from typing import Final

from boostmon.domain.durations.units import Unit
from boostmon.domain.durations.vocabularies.vocabulary import Vocabulary

ENGLISH: Final = Vocabulary(
    units={
        Unit.SECOND: "second seconds s sec secs",
        Unit.MINUTE: "minute minutes m min mins",
        Unit.HOUR: "hour hours h hr hrs",
        Unit.DAY: "day days d",
        Unit.WEEK: "week weeks w wk wks",
        Unit.MONTH: "month months mo mos mon mons mth mths",
        Unit.YEAR: "year years y yr yrs",
    },
    weekdays=(
        "Monday Mon",
        "Tuesday Tue Tues",
        "Wednesday Wed",
        "Thursday Thu Thur Thurs",
        "Friday Fri",
        "Saturday Sat",
        "Sunday Sun",
    ),
    months=(
        "January Jan",
        "February Feb",
        "March Mar",
        "April Apr",
        "May",
        "June Jun",
        "July Jul",
        "August Aug",
        "September Sep Sept",
        "October Oct",
        "November Nov",
        "December Dec",
    ),
    near_days=("today", "tomorrow", "day_after_tomorrow the_day_after_tomorrow"),
    until="until till",
    within="in",
    lasting="for",
    joining="and",
    one="a an one",
    at="at",
    on="on the on_the",
    of="of",
    following="next",
    hour_mark="h",
    ordinal="st nd rd th",
    no_warnings="none",
    default="default",
)
