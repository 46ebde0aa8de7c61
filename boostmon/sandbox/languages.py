"""The languages that Discord's client comes in, and who has which: members one each, the server its preferred one."""

from typing import Any, Final

from boostmon.sandbox.errors import CannotDo
from boostmon.sandbox.world import World

LOCALES: Final = (
    "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "hi", "hr", "hu", "id", "it", "ja",
    "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
)  # fmt: skip
"""As Discord's reference lists them."""

SERVER = "server"


def speak(world: World, text: str) -> str:
    """`@bob de` or `server pt-BR`: from now on, the client of a member or the server prefers it. Raises `CannotDo`."""
    who, _, named = text.partition(" ")
    known = {locale.casefold(): locale for locale in LOCALES}
    locale = known.get(named.strip().casefold())
    if locale is None:
        raise CannotDo(f"Write `language @bob de` or `language server pt-BR`; languages are {', '.join(LOCALES)}")
    if who.casefold() == SERVER:
        world.backend.edit_guild(world.guild_id, {"preferred_locale": locale})
        return f"The server's preferred language is {locale} now"
    user = world.user(who)
    world.locales[user.id] = locale
    return f"{world.user_name(user.id)} reads Discord in {locale} now"


def shown(spec: dict[str, Any], field: str, locale: str) -> str:
    """A name or description of a command, option or choice as a client in that language shows it."""
    told: dict[str, str] = spec.get(f"{field}_localizations") or {}
    return told.get(locale, str(spec.get(field, "")))
