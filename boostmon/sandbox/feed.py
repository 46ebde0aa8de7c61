"""What happens in the guild, told for people: one `Happening` for each thing worth seeing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from boostmon.sandbox.answer import PostedMessage
from boostmon.sandbox.posts import LOADING_FLAG, posted
from boostmon.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Happening:
    """One event at the sandbox's time `at`, as a sentence; with the message itself when it is about one."""

    at: datetime
    text: str
    message: PostedMessage | None = None


class Feed:
    """Watches the backend's events. `tell` is called on the server's thread.

    `acting` says whether the bot is doing something over REST at this moment, so that its deeds can be
    told from other people's; `answering` whether it is just answering an interaction, which is shown elsewhere.
    """

    def __init__(
        self,
        world: World,
        tell: Callable[[Happening], None],
        acting: Callable[[], bool],
        answering: Callable[[], bool] = lambda: False,
    ) -> None:
        self._world = world
        self._tell = tell
        self._acting = acting
        self._answering = answering
        self._roles = {u: set(m.role_ids) for u, m in world.guild.members.items()}
        self._names = {r: world.role_name(r) for r in world.guild.roles}
        world.backend.subscribers.append(self._on_event)

    def _on_event(self, event: str, payload: Mapping[str, Any]) -> None:
        handler = getattr(self, f"_on_{event.lower()}", None)
        if handler is not None:
            handler(payload)

    def say(self, text: str, message: PostedMessage | None = None) -> None:
        """Tell something that is no event of Discord's."""
        self._tell(Happening(self._world.now(), text, message))

    @property
    def _by(self) -> str:
        """Which bot does it; people's deeds are told without a name."""
        doer = self._world.bot_id if self._acting() else self._world.doer
        is_bot = doer is not None and self._world.backend.users[doer].bot
        return f" by {self._world.user_name(doer)}" if doer is not None and is_bot else ""

    # ------------------------------------------------------------------ members and roles

    def _on_guild_member_update(self, payload: Mapping[str, Any]) -> None:
        user_id = int(payload["user"]["id"])
        new = {int(r) for r in payload["roles"]}
        old = self._roles.get(user_id, set())
        self._roles[user_id] = new
        who = self._world.user_name(user_id)
        for role_id in sorted(new - old):
            self.say(f"{who} was given {self._world.role_name(role_id)}{self._by}")
        for role_id in sorted(old - new):
            if role_id in self._world.guild.roles:
                self.say(f"{who} lost {self._world.role_name(role_id)}{self._by}")

    def _on_guild_member_add(self, payload: Mapping[str, Any]) -> None:
        user_id = int(payload["user"]["id"])
        self._roles[user_id] = {int(r) for r in payload["roles"]}
        self.say(f"{self._world.user_name(user_id)} joined the server")

    def _on_guild_member_remove(self, payload: Mapping[str, Any]) -> None:
        user_id = int(payload["user"]["id"])
        self._roles.pop(user_id, None)
        self.say(f"{self._world.user_name(user_id)} left the server")

    def _on_guild_role_create(self, payload: Mapping[str, Any]) -> None:
        self._names[int(payload["role"]["id"])] = f"@{payload['role']['name']}"
        self.say(f"the role @{payload['role']['name']} was created{self._by}")

    def _on_guild_role_delete(self, payload: Mapping[str, Any]) -> None:
        role_id = int(payload["role_id"])
        for roles in self._roles.values():
            roles.discard(role_id)
        self.say(f"the role {self._names.get(role_id, role_id)} was deleted{self._by}")

    def _on_guild_create(self, payload: Mapping[str, Any]) -> None:
        if int(payload["id"]) == self._world.guild_id:
            self._roles[self._world.bot_id] = set(self._world.guild.members[self._world.bot_id].role_ids)
            self.say(f"@{self._world.backend.bot_user.name} joined the server")

    def _on_guild_delete(self, _payload: Mapping[str, Any]) -> None:
        self.say(f"@{self._world.backend.bot_user.name} was removed from the server")

    # ------------------------------------------------------------------ messages

    def _on_message_create(self, payload: Mapping[str, Any]) -> None:
        # The answers to commands are shown to whoever typed them, not here.
        if "interaction_metadata" in payload or int(payload["flags"]) & LOADING_FLAG:
            return
        message = self._message(payload)
        self.say(f"{message.author} wrote in {message.channel}", message)

    def _on_message_update(self, payload: Mapping[str, Any]) -> None:
        if "interaction_metadata" not in payload and not self._answering():
            message = self._message(payload)
            self.say(f"{message.author} edited a message in {message.channel}", message)

    def answered_more(self, message: PostedMessage) -> None:
        """Tell what came after an answer was seen: one more message, or an edit."""
        self.say(f"{message.author} has this to add in {message.channel}", message)

    def _message(self, payload: Mapping[str, Any]) -> PostedMessage:
        stored = self._world.backend.get_message(int(payload["channel_id"]), int(payload["id"]))
        return posted(self._world, stored)
