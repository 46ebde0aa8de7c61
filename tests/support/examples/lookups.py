"""What is told of timers and settings as they are."""

from collections.abc import Iterator
from dataclasses import replace

from boostmon.app.commands.time_left import TimesLeft
from boostmon.app.ports import PolicyChange
from boostmon.domain.absence import wait_for_member
from boostmon.domain.durations import Months
from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import RoleId
from boostmon.domain.origins import Origin
from boostmon.domain.policy import DEFAULT_POLICY, Rejoin, Stacking, TakenByHand
from boostmon.domain.timers import Ending, Grace, Obstacle, Timer, Waiting
from boostmon.domain.transitions import end, pause
from boostmon.texts import Language, Words
from boostmon.texts.settings import settings_card
from boostmon.texts.timeleft import ShownMember, timeleft_card
from tests.support.examples.casts import LOG, Cast, nth
from tests.support.examples.said import Example, Said
from tests.support.timers import ALICE, CHANNEL, DAY, HOUR, MINUTE, MODERATOR, NOW, VIP, running, waiting


def times_left(words: Words, cast: Cast) -> Iterator[Example]:
    """A member's timers in every state, as moderators and as members see them."""
    run, paused = running(2 * DAY, channel=CHANNEL), pause(running(3 * HOUR, NOW - 2 * HOUR), now=NOW - HOUR)
    many = [running((number + 1) * HOUR, of=nth(number), channel=CHANNEL) for number in range(cast.many)]
    cases: dict[str, tuple[ShownMember, list[Timer]]] = {
        "None": (_here(), []),
        "One that runs": (_here(), [run]),
        "One that is paused": (_here(), [paused]),
        "One that is paused for a while": (_here(), [pause(run, now=NOW, until=NOW + 3 * DAY)]),
        "One that begins later": (_here(), [waiting(2 * DAY, channel=CHANNEL)]),
        "One for good that was to begin": (_here(), [replace(run, state=Waiting(NOW, None, NOW + MINUTE, attempts=1))]),
        "One that was to begin": (_here(), [_late()]),
        "One that was to begin, and Discord refuses": (_here(), [_late(Obstacle.MISSING_PERMISSIONS)]),
        "One whose role is kept": (_here(), [replace(run, state=Grace(NOW - DAY, NOW + 2 * DAY))]),
        "One that is over": (_here(), [_over()]),
        "One that is over, and Discord refuses": (_here(), [_over(Obstacle.MISSING_PERMISSIONS)]),
        "One whose role the member lacks": (ShownMember(ALICE, frozenset()), [run]),
        "A paused one whose role the member lacks": (ShownMember(ALICE, frozenset()), [paused]),
        "One whose role the asker lacks": (ShownMember(ALICE, frozenset(), is_self=True, may_mend=False), [run]),
        "One of somebody who is not there": (ShownMember(ALICE, None), [run]),
        "One that waits for somebody who left": (ShownMember(ALICE, None), [wait_for_member(run, now=NOW - HOUR)]),
        "Several": (_here(), many),
    }
    origins = {RoleId(VIP + number): Origin(MODERATOR, NOW - HOUR, cast.reason) for number in range(cast.many)}
    origins[RoleId(VIP + 1)] = replace(origins[VIP], reason=None)
    roles = {role: RoleFacts(role, cast.role, position=1) for role in origins}
    for name, (shown, timers) in cases.items():
        left = TimesLeft(timers, origins)
        yield (
            name,
            Said.card(timeleft_card(shown, left, roles, words, at=NOW)),
        )
    given = TimesLeft([run], given_back={VIP})
    for name, shown in {
        "One whose member is back": _here(),
        "One of an asker who is back": replace(_here(), is_self=True),
    }.items():
        yield name, Said.card(timeleft_card(shown, given, roles, words, at=NOW))
    yield (
        "One whose channel was deleted",
        Said.card(timeleft_card(_here(), TimesLeft([run]), roles, words, at=NOW, is_lost=lambda _: True)),
    )
    yield (
        "One whose role was deleted",
        Said.card(timeleft_card(_here(), TimesLeft([run]), {}, words, at=NOW)),
    )
    thirty = TimesLeft([running((number + 1) * HOUR, of=nth(number)) for number in range(30)])
    known = {RoleId(VIP + number): RoleFacts(RoleId(VIP + number), cast.role, position=1) for number in range(30)}
    yield (
        "More than Discord shows",
        _last(Said.card(timeleft_card(_here(), thirty, known, words, at=NOW))),
    )


def _last(said: Said) -> Said:
    """Without the twenty-five of a kind."""
    [embed] = said.embeds
    return replace(said, embeds=({**embed, "fields": embed["fields"][-1:]},))


def _here() -> ShownMember:
    return ShownMember(ALICE, frozenset(RoleId(VIP + number) for number in range(50)))


def _over(obstacle: Obstacle | None = None) -> Timer:
    timer = end(running(2 * HOUR, NOW - 3 * HOUR), now=NOW - HOUR)
    assert isinstance(timer.state, Ending)
    return replace(timer, state=replace(timer.state, blocked_by=obstacle))


def _late(obstacle: Obstacle | None = None) -> Timer:
    state = Waiting(NOW - HOUR, NOW + HOUR, NOW + MINUTE, attempts=3, blocked_by=obstacle)
    return replace(running(2 * HOUR), state=state)


def settings(words: Words, cast: Cast) -> Iterator[Example]:
    """What is set, and what was changed."""
    own = replace(
        DEFAULT_POLICY,
        thresholds=(DAY, HOUR, 10 * MINUTE),
        warning_channel=CHANNEL,
        log_channel=LOG,
        dms=False,
        language=Language.PT_BR,
        stacking=Stacking.KEEP_LONGER,
        time_zone="America/Argentina/Buenos_Aires",
        months=Months.THIRTY_DAYS,
        self_pause_days=30,
        longest=90 * DAY,
        default_duration=30 * DAY,
        managers=frozenset({nth(3).role}),
        timeable=frozenset({VIP, nth(2).role}),
    )
    silent = replace(DEFAULT_POLICY, thresholds=(), dms=False, timeable=frozenset())
    yield "Nothing was ever set", Said.card(settings_card(DEFAULT_POLICY, words))
    yield "All is set", Said.card(settings_card(own, words))
    yield "Nobody is told anything", Said.card(settings_card(silent, words))
    beyond = replace(own, longest=DAY)
    yield "The usual time is longer than any timer can be", Said.card(settings_card(beyond, words))
    for stacking in Stacking:
        yield f"A second /settime: {stacking}", Said.card(settings_card(replace(own, stacking=stacking), words))
    yield "The audit log cannot be seen", Said.card(settings_card(own, words, hears=False))
    yield "Its channels were deleted", Said.card(settings_card(own, words, is_lost=lambda _: True))
    for then in Rejoin:
        left = replace(DEFAULT_POLICY, rejoin=then)
        yield f"Members who leave: {then}", Said.card(settings_card(left, words))
        yield f"Members who leave, unseen: {then}", Said.card(settings_card(left, words, sees=False))
        blind = settings_card(left, words, sees=False, hears=False)
        yield f"Members who leave, unseen and unheard: {then}", Said.card(blind)
    given_back = replace(own, taken_by_hand=TakenByHand.GIVE_BACK)
    yield "A role taken by hand is given back", Said.card(settings_card(given_back, words))
    for name, change in {
        "Nothing was changed": PolicyChange(own, own),
        "One timer goes by it": PolicyChange(DEFAULT_POLICY, own, replanned=1),
        "Many timers go by it": PolicyChange(DEFAULT_POLICY, own, replanned=cast.many * 1000),
    }.items():
        yield name, Said.card(settings_card(change.after, words, change))
