"""From typed text to the options of an interaction, as a Discord client would build and check them."""

from collections.abc import Iterable
from typing import Any

from simcord.backend import serializers
from simcord.backend.access import channel_accessible
from simcord.backend.errors import OptionError
from simcord.backend.models import Channel, Role, User
from simcord.enums import OptionType
from simcord.interactions import validate_option_value

from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.languages import shown
from boostmon.sandbox.world import World

Resolved = dict[str, dict[str, Any]]

_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class OptionBuilder:
    """Builds the options of one interaction typed by one member in one channel."""

    def __init__(self, world: World, actor: User, channel: Channel, command: str) -> None:
        self._world = world
        self._actor = actor
        self._channel = channel
        self._command = command
        self.resolved: Resolved = {}

    def build(self, spec: dict[str, Any], text: str) -> dict[str, Any]:
        """The wire form of one option. Raises `CannotDo` with what a client would show."""
        kind = OptionType(spec["type"])
        return {"name": spec["name"], "type": int(kind), "value": self._value(kind, spec, text)}

    def _value(self, kind: OptionType, spec: dict[str, Any], text: str) -> str | int | float | bool:
        match kind:
            case OptionType.USER:
                value: str | int | float | bool = self._add_user(self._world.user(text))
            case OptionType.ROLE:
                value = self._add_role(self._world.role(text))
            case OptionType.CHANNEL:
                value = self._add_channel(self._world.channel(text), spec)
            case OptionType.MENTIONABLE:
                value = self._add_mentionable(text)
            case OptionType.STRING:
                value = str(self._checked(spec, self._picked(spec, self._mentioned(text))))
            case OptionType.INTEGER | OptionType.NUMBER:
                value = self._checked(spec, _number(kind, spec, self._picked(spec, text)))
            case OptionType.BOOLEAN:
                value = _boolean(spec, text)
            case _:
                raise CannotDo(f"The sandbox cannot fill the option {spec['name']!r} (type {kind.name})")
        return value

    def _picked(self, spec: dict[str, Any], text: str) -> Any:
        """People pick a choice by its name, in their language; its value goes out."""
        locale = self._world.locale(self._actor.id)
        for choice in spec.get("choices") or []:
            if text.casefold() in {shown(choice, "name", locale).casefold(), str(choice["name"]).casefold()}:
                return choice["value"]
        return text

    def _checked(self, spec: dict[str, Any], value: Any) -> Any:
        try:
            return validate_option_value(self._command, spec, value)
        except OptionError as wrong:
            raise CannotDo(str(wrong)) from wrong

    def _mentioned(self, text: str) -> str:
        """A client turns a picked `@name` or `#name` inside text into its mention."""
        for prefix, find, form in (
            ("@", self._world.user, "<@{}>"),
            ("@", self._world.role, "<@&{}>"),
            ("#", self._world.channel, "<#{}>"),
        ):
            if text.startswith(prefix):
                try:
                    return form.format(find(text).id)
                except CannotDo:
                    continue
        return text

    # ------------------------------------------------------------------ resolved objects

    def _add_user(self, user: User) -> str:
        backend, guild = self._world.backend, self._world.guild
        self.resolved.setdefault("users", {})[str(user.id)] = dict(serializers.user_payload(user))
        member = guild.members.get(user.id)
        if member is not None:
            payload = dict(serializers.member_payload(backend, guild, member, with_user=False))
            payload["permissions"] = str(backend.compute_permissions(guild.id, user.id, self._channel.id))
            self.resolved.setdefault("members", {})[str(user.id)] = payload
        return str(user.id)

    def _add_role(self, role: Role) -> str:
        self.resolved.setdefault("roles", {})[str(role.id)] = dict(serializers.role_payload(role))
        return str(role.id)

    def _add_channel(self, channel: Channel, spec: dict[str, Any]) -> str:
        backend = self._world.backend
        if not channel_accessible(backend, channel.id, self._actor.id):
            raise CannotDo(f"@{self._actor.name} cannot see #{channel.name}")
        types = spec.get("channel_types")
        if types and channel.type not in types:
            raise CannotDo(f"The option {spec['name']!r} does not take a channel like #{channel.name}")
        payload: dict[str, Any] = dict(serializers.channel_payload(backend, channel))
        rights = backend.compute_permissions(self._world.guild_id, self._actor.id, channel.id)
        payload["permissions"] = str(rights)
        self.resolved.setdefault("channels", {})[str(channel.id)] = payload
        return str(channel.id)

    def _add_mentionable(self, text: str) -> str:
        try:
            return self._add_user(self._world.user(text))
        except CannotDo:
            return self._add_role(self._world.role(text))


def _boolean(spec: dict[str, Any], text: str) -> bool:
    if text.casefold() not in _BOOLEANS:
        raise CannotDo(f"The option {spec['name']!r} takes True or False, not {text!r}")
    return _BOOLEANS[text.casefold()]


def _number(kind: OptionType, spec: dict[str, Any], picked: Any) -> int | float:
    try:
        return int(picked) if kind is OptionType.INTEGER else float(picked)
    except ValueError:
        raise CannotDo(f"The option {spec['name']!r} takes a number, not {picked!r}") from None


def check_required(command: str, specs: Iterable[dict[str, Any]], given: Iterable[str]) -> None:
    """Raise `CannotDo` when a required option is missing; a client does not send the command then."""
    present = set(given)
    missing = [s["name"] for s in specs if s.get("required") and s["name"] not in present]
    if missing:
        raise CannotDo(f"/{command} needs {' and '.join(missing)}, for example {missing[0]}:…")
