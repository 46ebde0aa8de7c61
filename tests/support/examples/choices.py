"""What an option offers while somebody types."""

from collections.abc import Callable, Iterator

from boostmon.domain.eligibility import GuildView, RoleFacts, Standing
from boostmon.domain.permissions import Permission
from boostmon.domain.policy import Policy, Stacking
from boostmon.domain.transitions import end, pause
from boostmon.texts import Words
from boostmon.texts.role_suggestions import role_choices
from boostmon.texts.settime_suggestions import effect_of_settime, effect_of_setting_later
from boostmon.texts.suggestions import (
    ON,
    Effect,
    Scene,
    duration_choices,
    effect_of_adding,
    effect_of_pausing,
    effect_of_removing,
    effect_of_self_pausing,
    effect_of_setting,
    effect_of_starting,
    effect_told,
    effect_unknown,
)
from boostmon.texts.zone_suggestions import zone_choices
from tests.support.examples.casts import Cast, nth
from tests.support.examples.said import Example, Said
from tests.support.timers import DAY, GUILD, HOUR, KEY, MINUTE, NOW, running, waiting

_DAYS = running(2 * DAY)
_PAUSED = pause(_DAYS, now=NOW)


def choices(words: Words, cast: Cast) -> Iterator[Example]:
    """Durations by what would come of them, then roles."""
    added, taken = effect_of_adding, effect_of_removing
    yield _durations(words, "A length to set", "2h", effect_of_setting)
    refusing, unlisted = Policy(stacking=Stacking.REFUSE), Policy(timeable=frozenset())
    yield _set_again(words, "A length to set where there is a timer, which is refused", refusing)
    yield _set_again(words, "A length to set on a role that is not on the list", unlisted)
    yield _durations(words, "A month to set", "1mo", effect_of_setting)
    yield _durations(words, "A moment to set", "2027-01-31 18:00", effect_of_setting)
    yield _durations(words, "A length of a pause", "3d", effect_of_pausing)
    yield _durations(words, "A moment that a pause ends at", "2027-01-31 18:00", effect_of_pausing)
    members = Scene(words, NOW, Policy(self_pause_days=30))
    yield "A length of one's own pause", Said(choices=duration_choices("6w", members, effect_of_self_pausing(members)))
    now = Scene(words, NOW, Policy())
    yield _durations(words, "A time in which a timer begins", "3d", effect_of_starting)
    yield (
        "A moment at which a timer begins",
        Said(choices=duration_choices("2027-01-31 18:00", now, effect_of_starting(now), moments=ON)),
    )
    start = NOW + DAY
    yield _durations(words, "A length from a later start", "2h", lambda scene: effect_of_setting_later(scene, start))
    yield _durations(
        words, "A moment after a later start", "2026-11-30 18:00", lambda scene: effect_of_setting_later(scene, start)
    )
    yield _durations(
        words, "A moment before it begins", "2026-11-07 18:00", lambda scene: effect_of_setting_later(scene, start)
    )
    yield _durations(
        words,
        "A later start where there is a timer",
        "2h",
        lambda scene: effect_of_settime(KEY, _DAYS, scene, starts_at=start),
    )
    yield _durations(words, "A length to add before it begins", "2h", lambda scene: added(waiting(HOUR), scene))
    yield _durations(words, "All there is before it begins", "2h", lambda scene: taken(waiting(HOUR), scene))
    yield _durations(words, "A length to add", "2h", lambda scene: added(_DAYS, scene))
    yield _durations(words, "A length to add to a paused timer", "2h", lambda scene: added(_PAUSED, scene))
    yield _durations(words, "A moment to add until", "2026-11-30 18:00", lambda scene: added(_DAYS, scene))
    yield _durations(words, "A moment that is no addition", "2026-11-08 18:00", lambda scene: added(_DAYS, scene))
    yield _durations(words, "A moment for a paused timer", "2026-11-30 18:00", lambda scene: added(_PAUSED, scene))
    yield _durations(words, "More than there may be", "10y", lambda scene: added(_DAYS, scene))
    yield _durations(
        words, "A length to take from a timer that is over", "2h", lambda scene: taken(end(_DAYS, now=NOW), scene)
    )
    yield _durations(words, "A length to take", "2h", lambda scene: taken(_DAYS, scene))
    yield _durations(words, "A length to take that is all there is", "2d", lambda scene: taken(_DAYS, scene))
    yield _durations(words, "A moment to end at", "2026-11-08 18:00", lambda scene: taken(_DAYS, scene))
    yield _durations(words, "A moment that takes nothing", "2026-11-30 18:00", lambda scene: taken(_DAYS, scene))
    yield _durations(words, "Nothing is known of the timer", "2h", lambda _scene: effect_unknown)
    yield _durations(words, "A doubt", "1M", effect_of_setting)
    yield _durations(words, "The longest name of a role", "2h", lambda _scene: effect_told(cast.role))
    yield _durations(words, "A long text", cast.typed, effect_of_setting)
    yield "Time zones", Said(choices=zone_choices("berl", "Europe/London", words, NOW))
    yield "Nothing typed of a time zone", Said(choices=zone_choices("", "Europe/London", words, NOW))
    yield "Roles", Said(choices=_roles(words, cast))


def _durations(words: Words, name: str, typed: str, effect: Callable[[Scene], Effect]) -> Example:
    scene = Scene(words, NOW, Policy())
    return name, Said(choices=duration_choices(typed, scene, effect(scene)))


def _set_again(words: Words, name: str, policy: Policy) -> Example:
    scene = Scene(words, NOW, policy)
    return name, Said(choices=duration_choices("2h", scene, effect_of_settime(KEY, running(2 * DAY), scene)))


def _roles(words: Words, cast: Cast) -> dict[str, str]:
    timers = [
        running(90 * MINUTE, of=nth(0)),
        pause(running(HOUR, of=nth(1)), now=NOW),
        end(running(HOUR, of=nth(2)), now=NOW),
        running(3 * DAY, of=nth(4)),
        waiting(2 * HOUR, of=nth(3)),
    ]
    roles = [RoleFacts(nth(number).role, cast.role, position=number + 1) for number in range(4)]
    bot = Standing((9, 0), Permission.MANAGE_ROLES)
    view = GuildView(GUILD, bot=bot, asker=bot, roles={role.id: role for role in roles})
    return role_choices("", timers, view, words, now=NOW, others=True)
