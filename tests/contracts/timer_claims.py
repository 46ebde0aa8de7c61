"""What every `TimerRepository` promises about claiming, settling and giving back."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from boostmon.app.errors import Conflict
from boostmon.app.ports import Claim, DeliverySettlement, Postmark, Settlement
from boostmon.domain.backoff import PATIENCE
from boostmon.domain.decisions import Advance, Ended, Lapse, Remove, after_removal, decide
from boostmon.domain.details import Confirmed, Detail, Drop, NoticeDropped
from boostmon.domain.ids import GuildId, TimerKey
from boostmon.domain.ledger import Action, LedgerEntry
from boostmon.domain.notices import (
    EndedNotice,
    NoticeKind,
    WarningNotice,
)
from boostmon.domain.outcomes import Done
from boostmon.domain.timers import Grace
from boostmon.domain.transitions import (
    end,
    extend,
    pause,
    resume,
    went_on,
)
from boostmon.domain.ways import ToMember
from tests.contracts.world import LEASE, World, store
from tests.support.timers import CHANNEL, DAY, HOUR, KEY, MINUTE, NOW, POLICY, SECOND, anchored, change, key, running


def claim_one(world: World, at_minute: float = 10_000) -> Claim:
    """Claims the only due timer."""
    [claim] = world.timers.claim(NOW + at_minute * MINUTE, 10, LEASE)
    return claim


def entry(claim: Claim, action: Action = Action.ENDED) -> LedgerEntry:
    """BoostMon's own entry for a claimed timer."""
    return LedgerEntry(key=claim.timer.key, at=NOW, action=action, before=claim.timer, detail=Confirmed())


class TimerClaimsContract:
    """Subclass it with a `world` fixture."""

    def test_the_next_due_is_the_earliest(self, world: World) -> None:
        assert world.timers.next_due(NOW) is None
        store(world, pause(running(SECOND, of=key(1)), now=NOW))
        assert world.timers.next_due(NOW) is None
        store(world, running(3 * HOUR, of=key(2)))
        assert world.timers.next_due(NOW) == NOW + 2 * HOUR
        store(world, running(MINUTE, of=key(3)))
        assert world.timers.next_due(NOW) == NOW + MINUTE

    def test_a_pause_that_ends_is_due_then_and_goes_on(self, world: World) -> None:
        until = NOW + DAY
        store(world, pause(running(2 * HOUR, of=key(1)), now=NOW, until=until))
        assert world.timers.next_due(NOW) == until
        assert world.timers.claim(until - SECOND, 10, LEASE) == []

        [claim] = world.timers.claim(until, 10, LEASE)
        timer = went_on(claim.timer, now=until, policy=POLICY)
        assert world.timers.settle([Settlement(claim, timer, entry(claim, Action.WENT_ON))]) == []

        kept = world.timers.get(key(1))
        assert kept is not None
        assert kept == timer.stored_as(kept.version)
        assert world.timers.next_due(until) == until + HOUR

    def test_a_claim_takes_what_is_due_earliest_first(self, world: World) -> None:
        for user, minutes in ((1, 0.5), (2, 0.1), (3, 0.3), (4, 5)):
            store(world, running(minutes * MINUTE, of=key(user)))

        claims = world.timers.claim(NOW + MINUTE, 2, LEASE)

        assert [claim.timer.key.user for claim in claims] == [2, 3]
        assert [claim.timer for claim in claims] == [world.timers.get(claim.timer.key) for claim in claims]

    def test_a_claim_steps_over_the_guilds_that_it_is_told_to(self, world: World) -> None:
        for user in (1, 2, 3):
            store(world, running(user * SECOND, of=key(user, guild=1)))
        for guild in (2, 3):
            store(world, running(30 * SECOND, of=key(guild, guild=guild)))
        due = NOW + MINUTE

        elsewhere = world.timers.claim(due, 10, LEASE, except_guilds={GuildId(1), GuildId(3)})

        assert [claim.timer.key for claim in elsewhere] == [key(2, guild=2)]
        assert len(world.timers.claim(due, 10, LEASE)) == 4

    def test_a_timer_due_exactly_now_is_claimed(self, world: World) -> None:
        store(world, running(MINUTE))

        assert world.timers.claim(NOW + MINUTE - timedelta(microseconds=1), 10, LEASE) == []
        assert len(world.timers.claim(NOW + MINUTE, 10, LEASE)) == 1

    def test_a_claimed_timer_is_nobody_elses(self, world: World) -> None:
        store(world, running(SECOND, of=key(1)))
        store(world, running(HOUR * 10, of=key(2)))
        claim = claim_one(world, at_minute=1)

        assert world.timers.claim(NOW + MINUTE, 10, LEASE) == []
        assert world.timers.still_held([claim]) == [claim]

    def test_something_is_due_again_when_the_lease_of_what_is_due_runs_out(self, world: World) -> None:
        store(world, running(SECOND, of=key(1)))
        store(world, running(HOUR * 10, of=key(2)))
        claim_one(world, at_minute=1)

        due = world.timers.next_due(NOW + SECOND)

        assert due is not None
        # By the repository's own clock, some of it has passed.
        assert NOW < due <= NOW + SECOND + LEASE
        world.let_leases_run_out()
        assert world.timers.next_due(NOW + SECOND) == NOW + SECOND

    def test_what_is_free_comes_before_what_is_held(self, world: World) -> None:
        store(world, running(SECOND, of=key(1)))
        claim_one(world, at_minute=1)
        store(world, running(2 * SECOND, of=key(2)))

        assert world.timers.next_due(NOW + HOUR) == NOW + 2 * SECOND

    def test_a_claim_whose_lease_ran_out_may_be_taken_over(self, world: World) -> None:
        store(world, running(SECOND))
        lost = claim_one(world)
        world.let_leases_run_out()

        taken = claim_one(world)

        assert taken.token != lost.token
        assert world.timers.still_held([lost, taken]) == [taken]
        assert world.timers.settle([Settlement(lost, after=None)]) == [KEY]
        assert world.timers.get(KEY) is not None

    def test_a_renewed_lease_begins_anew(self, world: World) -> None:
        store(world, running(SECOND))
        claim = claim_one(world)
        world.let_leases_run_out()

        assert world.timers.renew([claim], LEASE) == [claim]

        assert world.timers.claim(NOW + HOUR, 10, LEASE) == []
        assert world.timers.settle([Settlement(claim, after=None)]) == []

    def test_a_lease_is_renewed_for_the_length_that_is_asked_for(self, world: World) -> None:
        store(world, running(SECOND))
        claim = claim_one(world)

        assert world.timers.renew([claim], timedelta(0)) == [claim]

        assert claim_one(world).token != claim.token

    def test_renewing_a_lost_claim_does_not_prolong_its_successors(self, world: World) -> None:
        store(world, running(SECOND))
        lost = claim_one(world)
        world.let_leases_run_out()
        claim_one(world)
        world.let_leases_run_out()

        assert world.timers.renew([lost], LEASE) == []

        assert claim_one(world).token != lost.token

    def test_only_what_holds_is_renewed(self, world: World) -> None:
        for user in range(1, 5):
            store(world, running(user * SECOND, of=key(user)))
        claims = world.timers.claim(NOW + MINUTE, 4, LEASE)
        world.timers.commit(change(claims[0].timer, pause(claims[0].timer, now=NOW)))
        world.timers.release([claims[1]])
        world.timers.settle([Settlement(claims[2], after=None)])
        world.let_leases_run_out()
        [taken] = world.timers.claim(NOW + MINUTE, 1, LEASE)

        assert world.timers.renew(claims, LEASE) == [claims[3]]
        assert world.timers.still_held([taken]) == [taken]

    def test_a_claim_whose_lease_ran_out_holds_until_somebody_takes_it_over(self, world: World) -> None:
        store(world, running(SECOND))
        claim = claim_one(world)

        world.let_leases_run_out()

        assert world.timers.next_due(NOW) == NOW + SECOND
        assert world.timers.still_held([claim]) == [claim]
        assert world.timers.settle([Settlement(claim, after=None)]) == []
        assert world.timers.get(KEY) is None

    def test_giving_a_lost_claim_back_does_not_free_its_successor(self, world: World) -> None:
        store(world, running(SECOND))
        lost = claim_one(world)
        world.let_leases_run_out()
        taken = claim_one(world)

        world.timers.release([lost])

        assert world.timers.still_held([taken]) == [taken]
        assert world.timers.claim(NOW + MINUTE, 10, LEASE) == []

    def test_claims_of_one_batch_are_lost_one_by_one(self, world: World) -> None:
        for user in (1, 2, 3):
            store(world, running(user * SECOND, of=key(user)))
        claims = world.timers.claim(NOW + MINUTE, 10, LEASE)
        world.timers.commit(change(claims[1].timer, None))

        assert world.timers.still_held(claims) == [claims[0], claims[2]]
        world.timers.release(claims[:1])
        assert world.timers.still_held(claims) == [claims[2]]

    def test_a_released_claim_is_free_at_once(self, world: World) -> None:
        store(world, running(SECOND))
        claim = claim_one(world)

        world.timers.release([claim])

        assert world.timers.still_held([claim]) == []
        assert claim_one(world).timer == claim.timer

    def test_a_command_takes_the_timer_out_of_a_claim(self, world: World) -> None:
        stored = store(world, running(SECOND))
        claim = claim_one(world)
        extended = world.timers.commit(change(stored, extend(stored, HOUR, now=NOW, policy=POLICY)))
        entries = world.ledger()

        assert world.timers.still_held([claim]) == []
        notice = EndedNotice(KEY, None, ended_at=NOW)
        assert world.timers.settle([Settlement(claim, None, entry(claim), notice)]) == [KEY]
        world.timers.release([claim])

        assert world.timers.get(KEY) == extended
        assert world.ledger() == entries
        assert world.outbox.next_due(NOW) is None

    def test_a_timer_that_a_command_changed_is_nobodys(self, world: World) -> None:
        stored = store(world, running(SECOND))
        claim_one(world)

        ended = world.timers.commit(change(stored, end(stored, now=NOW)))

        assert claim_one(world).timer == ended

    def test_the_answer_to_a_grant_takes_its_mark_away_and_nothing_else(self, world: World) -> None:
        until = NOW + MINUTE
        stored = store(world, running(SECOND).with_grant_until(until))
        assert stored.grant_open_until == until
        claim = claim_one(world)
        assert claim.timer == stored

        answered = world.timers.grant_answered(KEY, until)

        assert answered == replace(stored, grant_open_until=None) == world.timers.get(KEY)
        assert world.timers.still_held([claim]) == [claim]
        assert world.timers.grant_answered(KEY, until) == answered

    def test_the_mark_of_another_grant_stays(self, world: World) -> None:
        stored = store(world, running(SECOND).with_grant_until(NOW + MINUTE))

        assert world.timers.grant_answered(KEY, NOW + SECOND) == stored == world.timers.get(KEY)

    def test_the_answer_to_a_grant_is_for_its_own_guild(self, world: World) -> None:
        until = NOW + MINUTE
        for guild in (1, 2, 3):
            store(world, running(HOUR, of=key(guild=guild)).with_grant_until(until))

        world.timers.grant_answered(key(guild=2), until)

        marks = [timer and timer.grant_open_until for timer in (world.timers.get(key(guild=of)) for of in (1, 2, 3))]
        assert marks == [until, None, until]

    def test_the_answer_for_a_timer_that_has_left_changes_nothing(self, world: World) -> None:
        store(world, running(SECOND, of=key(2)))

        assert world.timers.grant_answered(KEY, NOW) is None

    def test_a_settlement_keeps_the_mark(self, world: World) -> None:
        store(world, running(SECOND).with_grant_until(NOW + MINUTE))
        claim = claim_one(world)

        world.timers.settle([Settlement(claim, end(claim.timer, now=NOW))])

        ending = world.timers.get(KEY)
        assert ending is not None
        assert ending.grant_open_until == NOW + MINUTE

    def test_settling_writes_the_outcome_the_entry_and_the_notice(self, world: World) -> None:
        store(world, running(SECOND))
        claim = claim_one(world)
        notice = EndedNotice(KEY, CHANNEL, ended_at=NOW + SECOND)

        assert world.timers.settle([Settlement(claim, None, entry(claim), notice)]) == []

        assert world.timers.get(KEY) is None
        assert world.ledger()[-1] == ("ended", None, None, None)
        assert world.details()[-1] == Confirmed()
        [posted] = world.outbox.claim(NOW + HOUR, 10, LEASE)
        assert posted.notice == notice

    def test_settling_moves_a_timer_on_and_frees_it(self, world: World) -> None:
        store(world, replace(anchored(31, 2 * HOUR), channel=CHANNEL))
        claim = claim_one(world, at_minute=60)
        decision = decide(claim.timer, POLICY, NOW + HOUR)
        assert isinstance(decision, Advance)

        assert world.timers.settle([Settlement(claim, decision.timer, notice=decision.warning)]) == []

        moved = world.timers.get(KEY)
        assert moved is not None
        assert moved.state == decision.timer.state
        assert moved.version > claim.timer.version
        assert world.timers.next_due(NOW) == NOW + 110 * MINUTE
        [posted] = world.outbox.claim(NOW + HOUR, 10, LEASE)
        assert posted.notice == WarningNotice(KEY, CHANNEL, threshold=HOUR, ends_at=NOW + 2 * HOUR)

    def test_a_batch_settles_what_holds_and_names_what_was_lost(self, world: World) -> None:
        for user in range(1, 6):
            store(world, running(user * SECOND, of=key(user)))
        claims = world.timers.claim(NOW + MINUTE, 10, LEASE)
        changed = world.timers.commit(change(claims[2].timer, pause(running(HOUR, of=key(3)), now=NOW)))
        outcomes = [
            Settlement(claims[0], None, entry(claims[0]), EndedNotice(claims[0].timer.key, None, NOW)),
            Settlement(claims[1], end(claims[1].timer, now=NOW + MINUTE)),
            Settlement(claims[2], None, entry(claims[2]), EndedNotice(claims[2].timer.key, None, NOW)),
            Settlement(claims[3], None, entry(claims[3])),
            Settlement(claims[4], claims[4].timer),
        ]

        assert world.timers.settle(outcomes) == [key(3)]

        assert world.timers.get(key(1)) is None
        assert world.timers.get(key(3)) == changed
        assert world.timers.get(key(4)) is None
        left = [world.timers.get(key(user)) for user in (2, 5)]
        assert [timer and timer.due_at for timer in left] == [NOW + MINUTE, NOW + 5 * SECOND]
        assert [line[0] for line in world.ledger()].count("ended") == 2
        assert len(world.outbox.claim(NOW + HOUR, 10, LEASE)) == 1

    def test_settling_or_holding_nothing_does_nothing(self, world: World) -> None:
        assert world.timers.settle([]) == []
        assert world.timers.still_held([]) == []
        assert world.timers.renew([], LEASE) == []
        world.timers.release([])
        assert world.timers.claim(NOW, 10, LEASE) == []

    def test_a_command_drops_undelivered_warnings_of_its_timer_only(self, world: World) -> None:
        for user in (1, 2):
            store(world, running(2 * HOUR, of=key(user)))
        claims = world.timers.claim(NOW + HOUR, 10, LEASE)
        decisions = [decide(claim.timer, POLICY, NOW + HOUR) for claim in claims]
        world.timers.settle(
            [
                Settlement(claim, decision.timer, notice=decision.warning)
                for claim, decision in zip(claims, decisions, strict=True)
                if isinstance(decision, Advance)
            ]
        )
        stored = world.timers.get(key(1))
        assert stored is not None

        paused = world.timers.commit(change(stored, pause(stored, now=NOW + HOUR)))
        assert paused is not None
        world.timers.commit(change(paused, resume(paused, now=NOW + HOUR, policy=POLICY)))

        assert [posted.notice.key for posted in world.outbox.claim(NOW + HOUR, 10, LEASE)] == [key(2)]

    def test_news_of_a_grace_comes_with_it_takes_the_place_of_warnings_and_gives_way_to_the_end(
        self, world: World
    ) -> None:
        store(world, anchored(31, HOUR + MINUTE, grace=DAY))
        told = []
        for at in (NOW + MINUTE, NOW + HOUR + MINUTE, NOW + DAY + HOUR + MINUTE):
            [claim] = world.timers.claim(at, 10, LEASE)
            decision = decide(claim.timer, POLICY, at)
            match decision:
                case Advance(timer=timer, warning=warning):
                    settlement = Settlement(claim, timer, notice=warning)
                case Lapse(timer=timer, notice=notice):
                    settlement = Settlement(claim, timer, entry(claim, Action.LAPSED), notice)
                    assert timer.state == Grace(NOW + HOUR + MINUTE, NOW + DAY + HOUR + MINUTE, 31)
                case _:
                    assert isinstance(decision, Remove)
                    ended = after_removal(decision.timer, Done(), PATIENCE, at)
                    assert isinstance(ended, Ended)
                    settlement = Settlement(claim, None, entry(claim, Action.ENDED), ended.notice)
            assert world.timers.settle([settlement]) == []
            [posted] = world.outbox.claim(NOW + 2 * DAY, 10, LEASE)
            told.append(posted.notice.kind)
            world.let_leases_run_out()
        assert told == [NoticeKind.WARNING, NoticeKind.GRACE, NoticeKind.ENDED]
        assert [one.notice for one in untold(world) if isinstance(one, NoticeDropped)] == told[:2]

    def test_a_command_drops_undelivered_news_of_a_grace(self, world: World) -> None:
        store(world, anchored(31, MINUTE, grace=DAY))
        claim = claim_one(world, at_minute=1)
        decision = decide(claim.timer, POLICY, NOW + MINUTE)
        assert isinstance(decision, Lapse)
        world.timers.settle([Settlement(claim, decision.timer, entry(claim, Action.LAPSED), decision.notice)])
        kept = world.timers.get(KEY)
        assert kept is not None
        assert kept == replace(decision.timer, version=kept.version)

        world.timers.commit(change(kept, extend(kept, DAY, now=NOW + HOUR, policy=POLICY)))

        assert world.outbox.claim(NOW + DAY, 10, LEASE) == []

    def test_a_change_may_owe_a_notice_that_takes_the_place_of_warnings(self, world: World) -> None:
        store(world, running(HOUR + MINUTE))
        claim = claim_one(world, at_minute=1)
        advanced = decide(claim.timer, POLICY, NOW + MINUTE)
        assert isinstance(advanced, Advance)
        world.timers.settle([Settlement(claim, advanced.timer, notice=advanced.warning)])
        timer = world.timers.get(KEY)
        news = EndedNotice(KEY, CHANNEL, ended_at=NOW + MINUTE)

        assert world.timers.commit(replace(change(timer, None), notice=news)) is None

        assert [posted.notice for posted in world.outbox.claim(NOW + HOUR, 10, LEASE)] == [news]
        assert len(world.ledger()) == 2

    def test_the_notice_of_a_change_may_come_with_a_timer_that_stays(self, world: World) -> None:
        news = EndedNotice(KEY, None, ended_at=NOW)
        first = world.timers.commit(replace(change(None, running(HOUR)), notice=news))
        assert first is not None
        world.timers.commit(replace(change(first, end(first, now=NOW)), notice=news))

        assert [posted.notice for posted in world.outbox.claim(NOW + HOUR, 10, LEASE)] == [news, news]

    def test_a_change_that_is_not_written_owes_nothing(self, world: World) -> None:
        news = EndedNotice(KEY, None, ended_at=NOW)
        first = store(world, running(HOUR))
        second = world.timers.commit(change(first, extend(first, HOUR, now=NOW, policy=POLICY), request=77))
        with pytest.raises(Conflict):
            world.timers.commit(replace(change(first, None), notice=news))
        assert world.timers.commit(replace(change(second, None, request=77), notice=news)) == second

        assert world.outbox.claim(NOW + HOUR, 10, LEASE) == []

    def test_a_change_that_outdates_no_warning_drops_none(self, world: World) -> None:
        store(world, running(2 * HOUR))
        claim = claim_one(world, at_minute=60)
        warning = WarningNotice(KEY, None, threshold=HOUR, ends_at=NOW + 2 * HOUR)
        world.timers.settle([Settlement(claim, claim.timer, notice=warning)])
        stored = world.timers.get(KEY)
        assert stored is not None

        marked = change(stored, stored.with_grant_until(NOW + DAY))
        world.timers.commit(replace(marked, outdates_warnings=False))

        assert [posted.notice for posted in world.outbox.claim(NOW + HOUR, 10, LEASE)] == [warning]

    @pytest.mark.parametrize("maybe_sent", [False, True])
    def test_a_timer_that_goes_on_takes_undelivered_news_of_its_end_out(
        self, world: World, *, maybe_sent: bool
    ) -> None:
        for user in (1, 2):
            owe_the_end(world, key(user))
        if maybe_sent:
            posted, _ = world.outbox.claim(NOW + HOUR, 10, LEASE)
            world.outbox.mark([replace(posted, postmark=Postmark(UUID(int=1), ToMember()))])
            world.let_leases_run_out()

        store(world, running(DAY, of=key(1)))

        assert [one.notice.key for one in world.outbox.claim(NOW + HOUR, 10, LEASE)] == [key(2)]
        assert untold(world) == [NoticeDropped(NoticeKind.ENDED, Drop.OUTDATED, perhaps_sent=maybe_sent)]

    def test_news_of_an_end_stay_where_the_timer_is_over_or_somebody_is_just_sending_them(self, world: World) -> None:
        owe_the_end(world, key(1))
        world.timers.commit(change(None, end(running(HOUR, of=key(1)), now=NOW)))
        [posted] = world.outbox.claim(NOW + HOUR, 10, LEASE)
        ending = world.timers.get(key(1))
        assert ending is not None

        world.timers.commit(change(ending, extend(ending, HOUR, now=NOW, policy=POLICY)))

        assert "undelivered" not in [line[0] for line in world.ledger()]
        assert world.outbox.renew([posted], LEASE) == [posted]

    @pytest.mark.parametrize("kind", ["warning", "ended"])
    def test_newer_news_take_undelivered_warnings_of_the_timer_out(self, world: World, kind: str) -> None:
        for user in (1, 2):
            store(world, running(2 * HOUR, of=key(user)))
        warn(world, HOUR)
        assert len(world.outbox.claim(NOW + HOUR, 10, timedelta(0))) == 2

        warn(world, 10 * MINUTE, only=key(1)) if kind == "warning" else tell_the_end(world, key(1))

        posted = world.outbox.claim(NOW + 3 * HOUR, 10, LEASE)
        thresholds = {(one.notice.key, getattr(one.notice, "threshold", None)) for one in posted}
        assert thresholds == {(key(1), 10 * MINUTE if kind == "warning" else None), (key(2), HOUR)}
        assert untold(world) == [NoticeDropped(NoticeKind.WARNING, Drop.SUPERSEDED, HOUR)]

    def test_news_of_a_superseded_warning_that_may_have_been_sent_say_so(self, world: World) -> None:
        store(world, running(2 * HOUR, of=key(1)))
        warn(world, HOUR)
        [posted] = world.outbox.claim(NOW + HOUR, 10, LEASE)
        world.outbox.mark([replace(posted, postmark=Postmark(UUID(int=1), ToMember()))])
        world.outbox.settle([DeliverySettlement(posted, retry_at=NOW + HOUR, error="no answer")])

        warn(world, 10 * MINUTE)

        assert untold(world) == [NoticeDropped(NoticeKind.WARNING, Drop.SUPERSEDED, HOUR, perhaps_sent=True)]

    def test_a_warning_that_is_just_being_sent_is_not_superseded(self, world: World) -> None:
        store(world, running(2 * HOUR, of=key(1)))
        warn(world, HOUR)
        [held] = world.outbox.claim(NOW + HOUR, 10, LEASE)

        tell_the_end(world, key(1))

        assert [line[0] for line in world.ledger()] == ["set"]
        assert world.outbox.renew([held], LEASE) == [held]


def untold(world: World) -> list[Detail | None]:
    """The details of notices that were told no more."""
    entries = zip(world.ledger(), world.details(), strict=True)
    return [detail for (action, *_), detail in entries if action == "undelivered"]


def warn(world: World, threshold: timedelta, *, only: TimerKey | None = None) -> None:
    """Timers that end in two hours cross a threshold, as their sweep writes it."""
    claims = world.timers.claim(NOW + 2 * HOUR - threshold, 10, LEASE)
    warned = [claim for claim in claims if only is None or claim.timer.key == only]
    assert warned
    world.timers.release([claim for claim in claims if claim not in warned])
    world.timers.settle(
        [
            Settlement(
                claim, claim.timer, notice=WarningNotice(claim.timer.key, None, threshold, ends_at=NOW + 2 * HOUR)
            )
            for claim in warned
        ]
    )


def tell_the_end(world: World, of: TimerKey) -> None:
    """A timer that ended two hours after NOW is over."""
    claims = world.timers.claim(NOW + 2 * HOUR, 10, LEASE)
    [ended] = [claim for claim in claims if claim.timer.key == of]
    world.timers.release([claim for claim in claims if claim is not ended])
    world.timers.settle([Settlement(ended, None, notice=EndedNotice(of, None, ended_at=NOW + 2 * HOUR))])


def owe_the_end(world: World, of: TimerKey) -> None:
    """A command ended the timer, and took the role."""
    stored = store(world, running(HOUR, of=of))
    world.timers.commit(replace(change(stored, None), notice=EndedNotice(of, None, ended_at=NOW)))
