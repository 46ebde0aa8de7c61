"""Plays the real bot in the sandbox and draws what it says from a timer's start to its end: `make pictures`.

The bot answers, warns and tells of the end within seconds, by three timers of one member. They are drawn as if they
were one that began at `BEGAN`, so that the picture changes only when the bot's words do.
"""

import dataclasses
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from boostmon.entrypoints.sandboxing import stage
from boostmon.sandbox.answer import PostedMessage
from boostmon.sandbox.markup import Names
from boostmon.sandbox.server import LoopbackDiscord
from tools.pictures.message import Asked, Picture, Scene

FILE = Path("docs/assets/exchange.svg")
#: Some seconds after a full minute: what takes a second more or less shows nowhere.
BEGAN = datetime(2026, 6, 1, 18, 0, 20, tzinfo=UTC)
LENGTH, WARNED_BEFORE = timedelta(days=30), timedelta(hours=1)
CHANNEL = "#warnings"
ASKED = "/settime user:@alice role:@VIP duration:30d channel:#warnings"
#: Asked for elsewhere, so that the channel holds nothing but the news.
ELSEWHERE = "#general"
ENDS_SOON = "/settime user:@alice role:@VIP duration:5s channel:#warnings"
WARNS_SOON = "/settime user:@alice role:@VIP duration:3603s channel:#warnings"
FORGETS = "/cleartime user:@alice role:@VIP keep_role:True"
SECONDS = 60.0

_STAMP = re.compile(r"<t:(\d+)")


def main() -> int:
    """Write the picture. Returns the exit code."""
    with stage(1.0) as (discord, bot):
        bot.start()
        try:
            discord.wait_until_ready(SECONDS)
            ending, warning, answer = _messages(discord)
            names = discord.look(Names.of)
        finally:
            bot.stop()
    colour = next(names.colours[role] for role, name in names.roles.items() if name == "@Moderator")
    end = BEGAN + LENGTH
    drawn = Picture(names, end).draw(
        Scene(told_at(answer, BEGAN), Asked("mod", ASKED, colour)),
        Scene(told_at(warning, end - WARNED_BEFORE)),
        Scene(told_at(ending, end)),
    )
    FILE.write_text(drawn, encoding="utf-8")
    print(FILE)
    return 0


def _messages(discord: LoopbackDiscord) -> tuple[PostedMessage, PostedMessage, PostedMessage]:
    """The news of an end, a warning and an answer, as the bot wrote them, each about a timer of its own."""
    discord.command("@mod", ENDS_SOON, ELSEWHERE)
    (ending,) = discord.wait_until(lambda: discord.messages(CHANNEL), SECONDS, "the news of the end")
    discord.command("@mod", WARNS_SOON, ELSEWHERE)
    (_, warning) = discord.wait_until(lambda: _several(discord), SECONDS, "the warning")
    discord.command("@mod", FORGETS, ELSEWHERE)
    discord.change(lambda changes: changes.take("@alice", "@VIP", "@mod"))
    answer = discord.command("@mod", ASKED).message
    if answer is None:
        raise SystemExit("the bot did not answer")
    return ending, warning, answer


def _several(discord: LoopbackDiscord) -> tuple[PostedMessage, ...]:
    messages = discord.messages(CHANNEL)
    return messages if len(messages) > 1 else ()


def told_at(message: PostedMessage, moment: datetime) -> PostedMessage:
    """The message as if it had been written at that moment; the moments in it move along."""
    shift = moment - message.at
    seconds = round(shift.total_seconds())

    def moved(value: Any) -> Any:
        return json.loads(_STAMP.sub(lambda m: f"<t:{int(m[1]) + seconds}", json.dumps(value)))

    return dataclasses.replace(
        message, content=moved(message.content), embeds=tuple(moved(list(message.embeds))), at=moment
    )


if __name__ == "__main__":
    sys.exit(main())
