from dataclasses import replace
from datetime import timedelta

import pytest

from boostmon.app.changing.changes import Changed, Note
from boostmon.domain.ledger import Action
from boostmon.domain.timers import Obstacle, Timer
from boostmon.domain.transitions import end, extend, pause, reduce, resume
from boostmon.domain.ways import member_ways
from boostmon.texts import Language, words_of
from boostmon.texts.answers import NOTES, change_card, problem_card
from boostmon.texts.cards import Card, Colour
from boostmon.texts.obstacles import EITHER
from boostmon.texts.refusals import Problem
from boostmon.texts.settings import settings_card
from tests.support.timers import ALICE, CHANNEL, DAY, HOUR, KEY, MINUTE, MODERATOR, NOW, POLICY, VIP, running
from tests.support.words import ENGLISH

AT = int(NOW.timestamp())
TWO_HOURS = running(2 * HOUR)
PAUSED = pause(TWO_HOURS, now=NOW)


def _changed(action: Action, before: Timer | None, after: Timer | None, *notes: Note) -> Changed:
    amount = {Action.SET: 2 * HOUR, Action.ADD: DAY, Action.REMOVE: HOUR}.get(action)
    return Changed(action, KEY, before, after, NOW, amount, notes=notes)


def _shown(changed: Changed, obstacle: Obstacle | None = None) -> Card:
    return change_card(changed, ENGLISH, by=MODERATOR, obstacle=obstacle)


def _fields(embed: Card) -> dict[str, str]:
    return {str(field.name): str(field.value) for field in embed.fields}


def _colour(embed: Card) -> int:
    return embed.colour


STARTED = _changed(Action.SET, None, TWO_HOURS)
ADDED = _changed(Action.ADD, TWO_HOURS, extend(TWO_HOURS, DAY, now=NOW, policy=POLICY))
REDUCED = _changed(Action.REMOVE, TWO_HOURS, reduce(TWO_HOURS, HOUR, now=NOW, policy=POLICY))
ENDED = _changed(Action.REMOVE, TWO_HOURS, end(TWO_HOURS, now=NOW), Note.ENDS_NOW)
STOPPED = _changed(Action.PAUSE, TWO_HOURS, PAUSED)
RESUMED = _changed(Action.RESUME, PAUSED, resume(PAUSED, now=NOW, policy=POLICY))
CLEARED = _changed(Action.CLEAR, TWO_HOURS, None)
KEPT = _changed(Action.CLEAR, TWO_HOURS, None, Note.ROLE_KEPT)
PENDING = _changed(Action.CLEAR, TWO_HOURS, end(TWO_HOURS, now=NOW), Note.REMOVAL_PENDING)
ROLE_GONE = _changed(Action.CLEAR, TWO_HOURS, None, Note.ROLE_GONE)
WHO = f"<@{ALICE}>"
ROLE = f"<@&{VIP}>"
RUNS = f"The timer of {WHO} on {ROLE} runs"


@pytest.mark.parametrize(
    ("changed", "title", "text", "remaining", "colour"),
    [
        (STARTED, "Timer started", f"{WHO} has {ROLE} for **2 hours**.", None, Colour.ACTIVE),
        (
            replace(STARTED, before=running(5 * MINUTE)),
            "Timer replaced",
            f"The timer of {WHO} on {ROLE} was replaced.",
            "5 minutes → **2 hours**",
            Colour.ACTIVE,
        ),
        (
            ADDED,
            "Time added",
            f"{RUNS} **1 day** longer.",
            "2 hours → **1 day 2 hours**",
            Colour.ACTIVE,
        ),
        (
            _changed(Action.ADD, None, running(DAY)),
            "Timer started",
            f"{WHO} has {ROLE} for **1 day**.",
            None,
            Colour.ACTIVE,
        ),
        (
            REDUCED,
            "Time removed",
            f"{RUNS} **1 hour** less.",
            "2 hours → **1 hour**",
            Colour.ACTIVE,
        ),
        (
            _changed(Action.ADD, end(TWO_HOURS, now=NOW), running(DAY), Note.REVIVED),
            "Time added",
            f"{RUNS} **1 day** longer.",
            "time is up → **1 day**",
            Colour.ACTIVE,
        ),
        (
            _changed(Action.ADD, PAUSED, extend(PAUSED, DAY, now=NOW, policy=POLICY)),
            "Time added",
            f"{RUNS} **1 day** longer.",
            "2 hours (paused) → **1 day 2 hours (paused)**",
            Colour.PAUSED,
        ),
        (
            ENDED,
            "Timer ended",
            f"The timer of {WHO} on {ROLE} has ended.",
            None,
            Colour.ENDED,
        ),
        (
            STOPPED,
            "Timer paused",
            f"The timer of {WHO} on {ROLE} is paused, with **2 hours** left.",
            None,
            Colour.PAUSED,
        ),
        (
            RESUMED,
            "Timer resumed",
            f"The timer of {WHO} on {ROLE} is running again, with **2 hours** left.",
            None,
            Colour.ACTIVE,
        ),
        (CLEARED, "Timer ended", f"{ROLE} was taken from {WHO}, with **2 hours** left.", None, Colour.ENDED),
        (
            replace(CLEARED, before=end(TWO_HOURS, now=NOW)),
            "Timer ended",
            f"{ROLE} was taken from {WHO}.",
            None,
            Colour.ENDED,
        ),
        (
            KEPT,
            "Timer ended",
            f"The timer of {WHO} on {ROLE} has ended, with **2 hours** left.",
            None,
            Colour.ENDED,
        ),
        (
            PENDING,
            "Timer ended",
            f"The timer of {WHO} on {ROLE} has ended, with **2 hours** left.",
            None,
            Colour.ENDED,
        ),
        (
            ROLE_GONE,
            "Timer ended",
            f"The timer of {WHO} on {ROLE} has ended, with **2 hours** left.",
            None,
            Colour.ATTENTION,
        ),
    ],
)
def test_a_change_is_told(changed: Changed, title: str, text: str, remaining: str | None, colour: Colour) -> None:
    embed = _shown(changed)
    assert embed.title == title
    assert embed.description == text
    assert _fields(embed).get("Remaining") == remaining
    assert _colour(embed) == colour


@pytest.mark.parametrize("action", [Action.SET, Action.ADD, Action.REMOVE])
@pytest.mark.parametrize("before", [None, running(2 * DAY)])
def test_a_moment_is_told_as_a_moment(action: Action, before: Timer | None) -> None:
    changed = Changed(action, KEY, before, running(DAY), NOW, NOW + DAY)
    until = f"until **<t:{AT + 86_400}:F>**."
    if action is not Action.SET and before is not None:  # nobody has looked whether the member has the role
        assert _shown(changed).description == f"{RUNS} {until}"
    else:
        assert _shown(changed).description == f"{WHO} has {ROLE} {until}"
    assert "Ends" not in _fields(_shown(changed))


@pytest.mark.parametrize("changed", [STARTED, ADDED, REDUCED, ENDED, STOPPED, RESUMED, CLEARED, KEPT, PENDING])
def test_each_thing_is_said_once_and_nothing_counts_on_by_itself(changed: Changed) -> None:
    shown = _shown(changed)
    text = "\n".join([str(shown.description), *_fields(shown).values()])
    assert text.count(WHO) == text.count(ROLE) == text.count(f"<@{MODERATOR}>") == 1
    assert ":R>" not in text


def test_the_colours_are_those_that_the_product_names() -> None:
    assert [int(colour) for colour in Colour] == [0x2ECC71, 0xF1C40F, 0xE74C3C, 0x95A5A6, 0xE67E22, 0xF39C12]


def test_what_was_done_comes_first_and_who_did_it_last() -> None:
    replaced = replace(STARTED, before=running(5 * MINUTE), reason="Won", notes=(Note.HAD_ROLE,))
    fields = _fields(_shown(replaced))
    assert list(fields) == ["Remaining", "Ends", "Warnings", "Reason", "Note", "By"]
    assert fields["By"] == f"<@{MODERATOR}>"
    assert list(_fields(_shown(CLEARED))) == ["By"]


def test_the_end_is_a_moment_in_the_readers_zone_as_true_tomorrow_as_it_is_now() -> None:
    assert _fields(_shown(STARTED))["Ends"] == f"<t:{AT + 7200}:F>"


@pytest.mark.parametrize("changed", [STOPPED, CLEARED, PENDING, ENDED])
def test_what_does_not_run_has_no_end(changed: Changed) -> None:
    assert "Ends" not in _fields(_shown(changed))


@pytest.mark.parametrize(
    ("after", "warnings"),
    [
        (TWO_HOURS, "1 hour, 10 minutes and 1 minute before the end, by direct message"),
        (running(2 * HOUR, channel=CHANNEL), f"1 hour, 10 minutes and 1 minute before the end, in <#{CHANNEL}>"),
        (running(30 * MINUTE), "10 minutes and 1 minute before the end, by direct message"),
        (running(5 * MINUTE), "1 minute before the end, by direct message"),
        (running(MINUTE), "At the end only, by direct message"),
        (PAUSED, "After the pause, by direct message"),
    ],
)
def test_where_and_when_warnings_come_is_told(after: Timer, warnings: str) -> None:
    changed = replace(_changed(Action.SET, None, after), ways=member_ways(after.channel, POLICY))
    assert _fields(_shown(changed))["Warnings"] == warnings


def test_that_nobody_will_be_told_is_said() -> None:
    told = _fields(_shown(replace(STARTED, ways=())))["Warnings"]
    assert told.startswith("To nobody")
    assert "/timersettings" in told


@pytest.mark.parametrize("changed", [CLEARED, PENDING, ENDED])
def test_what_has_ended_warns_nobody(changed: Changed) -> None:
    assert "Warnings" not in _fields(_shown(changed))


@pytest.mark.parametrize("note", Note)
def test_every_note_is_worded(note: Note) -> None:
    assert _fields(_shown(_changed(Action.SET, None, TWO_HOURS, note)))["Note"] == NOTES[note]


def test_what_keeps_the_role_from_being_taken_is_told_with_its_remedy() -> None:
    note = _fields(_shown(PENDING, Obstacle.MISSING_PERMISSIONS))["Note"]
    assert note == f"{NOTES[Note.REMOVAL_PENDING]}\n{EITHER}"


def test_a_change_without_notes_or_reason_does_not_mention_them() -> None:
    assert {"Note", "Reason"}.isdisjoint(_fields(_shown(STARTED)))


def test_the_reason_is_shown_without_effect() -> None:
    assert _fields(_shown(replace(STARTED, reason="*Hi* @everyone")))["Reason"] == r"\*Hi\* \@everyone"


def test_the_longest_reason_fits() -> None:
    assert len(_fields(_shown(replace(STARTED, reason="*" * 400)))["Reason"]) <= 1024


def test_a_fraction_of_a_second_is_not_told() -> None:
    later = replace(REDUCED, at=NOW + timedelta(seconds=0.4))
    assert _fields(_shown(later))["Remaining"] == "2 hours → **1 hour**"


@pytest.mark.parametrize(
    ("before", "after", "remaining"),
    [
        (9 * 365 * DAY, 9 * 365 * DAY + HOUR, "9 years → **9 years 1 hour**"),
        (40 * DAY, 40 * DAY - MINUTE, "40 days → **39 days 23 hours 59 minutes**"),
        (HOUR, HOUR, None),
    ],
)
def test_what_remains_is_never_the_same_before_and_after(
    before: timedelta, after: timedelta, remaining: str | None
) -> None:
    changed = _changed(Action.ADD, running(before), running(after))
    assert _fields(_shown(changed)).get("Remaining") == remaining


def test_a_refusal_is_an_embed() -> None:
    embed = problem_card(Problem("Which role?", "Say it."))
    assert (embed.title, embed.description, _colour(embed)) == ("Which role?", "Say it.", Colour.ENDED)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (Language.EN, "1 hour 30 minutes and 10 minutes before the end, by direct message"),
        (Language.DE, "1 Stunde 30 Minuten und 10 Minuten vor dem Ende, per Direktnachricht"),
        (Language.FR, "1 heure 30 minutes et 10 minutes avant la fin, par message privé"),
        (Language.ES, "1 hora 30 minutos y 10 minutos antes del final, por mensaje directo"),
        (Language.PT_BR, "1 hora 30 minutos e 10 minutos antes do fim, por mensagem direta"),
    ],
)
def test_two_warnings_are_not_told_as_one(language: Language, told: str) -> None:
    policy = replace(POLICY, thresholds=(90 * MINUTE, 10 * MINUTE))
    after = extend(running(HOUR), HOUR, now=NOW, policy=policy)
    changed = replace(STARTED, after=after, ways=member_ways(after.channel, policy))
    assert told in [field.value for field in change_card(changed, words_of(language), by=MODERATOR).fields]


def test_the_settings_tell_each_length_apart() -> None:
    policy = replace(POLICY, thresholds=(26 * HOUR + MINUTE, 10 * MINUTE))
    told = settings_card(policy, words_of(Language.FR)).fields[0].value
    assert told == "1 jour 2 heures 1 minute, 10 minutes"
