"""The answer to `/movetime`: whose time went to whom."""

from boostmon.app.commands.move_time import Moved
from boostmon.domain.ids import UserId
from boostmon.domain.lacks import Lack
from boostmon.domain.timers import Waiting
from boostmon.texts import stamps
from boostmon.texts.answers import change_card
from boostmon.texts.cards import Card, Field
from boostmon.texts.obstacles import in_the_way
from boostmon.texts.words import Words


def moved_card(moved: Moved, words: Words, *, by: UserId, lack: Lack | None = None) -> Card:
    """What everybody in the channel sees. `lack` is what the bot is known to lack for the giver's role."""
    giver, receiver = moved.giver, moved.receiver
    card = change_card(receiver, words, by=by)
    left = None if giver.before is None else giver.before.remaining(giver.at)
    who = {"giver": stamps.user(giver.key.user), "receiver": stamps.user(receiver.key.user)}
    role = stamps.role(giver.key.role)
    card.title = words("Time moved")
    card.description = words(
        "{receiver} has the **{duration}** that {giver} had left with {role}.",
        **who,
        role=role,
        duration="" if left is None else words.duration(left),
    )
    if receiver.after is not None and isinstance(receiver.after.state, Waiting):
        card.fields.insert(0, Field(words("Begins"), stamps.moment(receiver.after.state.starts_at)))
    if giver.after is not None:
        pending = words("Discord has not taken {role} from {giver} yet. I go on trying.", role=role, giver=who["giver"])
        why = "" if moved.obstacle is None else f" {in_the_way(moved.obstacle, [giver.key.role], words, lack=lack)}"
        card.fields.insert(-1, Field(words("Note"), f"{pending}{why}"))
    return card
