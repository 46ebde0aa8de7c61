"""What autocomplete says would come of `/settime`, by what the guild decided about second timers and limits."""

from boostmon.domain.common_end import EndsForAll
from boostmon.domain.durations import When
from boostmon.domain.errors import BoostMonError
from boostmon.domain.ids import TimerKey
from boostmon.domain.limits import LongerThanAllowed, RoleNotListed, ensure_within_limits
from boostmon.domain.policy import Stacking
from boostmon.domain.stacking import kept, set_again
from boostmon.domain.timers import Paused, Timer, TimerThere, TooMuchTime
from boostmon.texts.suggestions import Effect, Scene, effect_of_setting


def effect_of_settime(key: TimerKey, timer: Timer | None, scene: Scene) -> Effect:
    """A timer that starts now, or what becomes of the one there is."""
    return lambda when: _outcome(key, timer, when, scene)


def _outcome(key: TimerKey, timer: Timer | None, when: When, scene: Scene) -> str:
    words, now = scene.words, scene.now
    try:
        after, rule = set_again(key, when, now=now, policy=scene.policy, before=timer)
        if rule is not Stacking.KEEP_LONGER:
            had = kept(timer, rule, now)
            ensure_within_limits(after, now=now, policy=scene.policy, given=when, before=had)
    except BoostMonError as error:
        return _refused(error, scene)
    remaining = after.remaining(now)
    if rule not in {Stacking.EXTEND, Stacking.KEEP_LONGER}:
        return effect_of_setting(scene)(when)
    if isinstance(after.state, Paused):
        return words("{duration} left, paused", duration=words.duration(remaining))
    if rule is Stacking.EXTEND:
        return words("ends {moment}", moment=scene.moment(now + remaining))
    return words("no, it ends {moment} already", moment=scene.moment(now + remaining))


def _refused(error: BoostMonError, scene: Scene) -> str:
    words = scene.words
    match error:
        case TimerThere():
            return words("no, there is a timer already")
        case RoleNotListed():
            return words("no, that role cannot be timed here")
        case LongerThanAllowed(limit=limit) | TooMuchTime(limit=limit):
            return words("no, {limit} is the most", limit=words.duration(limit))
        case EndsForAll(date=date):
            return words("no, all end {moment}", moment=scene.moment(date))
        case _:
            return ""
