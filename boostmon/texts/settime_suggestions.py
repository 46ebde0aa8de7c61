"""What autocomplete says would come of `/settime`, by what the guild decided about second timers and limits."""

from datetime import datetime

from boostmon.domain.durations import When
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import GuildId, RoleId, TimerKey, UserId
from boostmon.domain.limits import RoleNotListed, ensure_within_limits
from boostmon.domain.policy import Stacking
from boostmon.domain.stacking import kept, set_again
from boostmon.domain.timers import BegunAlready, Paused, Timer, TimerThere, Waiting
from boostmon.texts.suggestions import Effect, Scene, effect_of_setting, out_of_bounds


def effect_of_settime(key: TimerKey, timer: Timer | None, scene: Scene, *, starts_at: datetime | None = None) -> Effect:
    """A timer that starts then (None: now), or what becomes of the one there is."""
    return lambda when: _outcome(key, timer, when, scene, starts_at)


def effect_of_setting_later(scene: Scene, starts_at: datetime) -> Effect:
    """A timer that starts then, of somebody who is not known yet."""
    return effect_of_settime(TimerKey(GuildId(0), UserId(0), RoleId(0)), None, scene, starts_at=starts_at)


def _outcome(key: TimerKey, timer: Timer | None, when: When, scene: Scene, starts_at: datetime | None) -> str:
    now = scene.now
    try:
        after, rule = set_again(key, when, now=now, policy=scene.policy, before=timer, starts_at=starts_at)
        if rule is not Stacking.KEEP_LONGER:
            had = kept(timer, rule, now)
            ensure_within_limits(after, now=now, policy=scene.policy, given=when, before=had)
    except BoostMonError as error:
        return _refused(error, scene)
    if isinstance(after.state, Waiting) and rule is not Stacking.KEEP_LONGER:
        return _later(after, after.state, when, scene)
    return _now(after, rule, when, scene)


def _later(after: Timer, state: Waiting, when: When, scene: Scene) -> str:
    if isinstance(when, datetime):
        return scene.words("lasts {duration}", duration=scene.words.duration(after.remaining(scene.now)))
    return scene.words("ends {moment}", moment=scene.moment(state.ends_at or state.starts_at))


def _now(after: Timer, rule: Stacking | None, when: When, scene: Scene) -> str:
    words, now = scene.words, scene.now
    remaining = after.remaining(now)
    if rule not in {Stacking.EXTEND, Stacking.KEEP_LONGER}:
        return effect_of_setting(scene)(when)
    if isinstance(after.state, Paused):
        return words("{duration} left, paused", duration=words.duration(remaining))
    if rule is Stacking.EXTEND:
        return words("ends {moment}", moment=scene.moment(now + remaining))
    return words("no, it ends {moment} already", moment=scene.moment(after.ends_at or now + remaining))


def _refused(error: BoostMonError, scene: Scene) -> str:
    words = scene.words
    match error:
        case BegunAlready():
            return words("no, the timer has begun already")
        case TimerThere():
            return words("no, there is a timer already")
        case RoleNotListed():
            return words("no, that role cannot be timed here")
        case _:
            return out_of_bounds(error, scene)
