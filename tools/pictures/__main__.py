"""Plays the real bot in the sandbox and writes pictures of what it says: `make pictures`.

Every moment is told as if the first command had been typed at `MOMENT`, so that a picture changes only when the bot's
words do.
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
from tools.pictures.message import Asked, Picture

FOLDER = Path("docs/assets")
#: Some seconds after a full minute: what takes a second more or less shows nowhere.
MOMENT = datetime(2026, 6, 1, 18, 0, 20, tzinfo=UTC)
ANSWER = "/settime user:@alice role:@VIP duration:30d channel:#warnings reason:Won the raffle"
WARNED = "/settime user:@bob role:@VIP duration:3603s channel:#warnings"
ENDED = "/settime user:@carol role:@Supporter duration:12s channel:#general"
SECONDS = 60.0

_STAMP = re.compile(r"<t:(\d+)")


def main() -> int:
    """Write the pictures. Returns the exit code."""
    with stage(1.0) as (discord, bot):
        bot.start()
        try:
            discord.wait_until_ready(SECONDS)
            began = discord.now
            messages = _messages(discord)
            names = discord.look(Names.of)
        finally:
            bot.stop()
    colour = next(names.colours[role] for role, name in names.roles.items() if name == "@Moderator")
    picture = Picture(names, MOMENT)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, message in messages.items():
        asked = Asked("mod", ANSWER.split(maxsplit=1)[0], colour) if name == "answer" else None
        drawn = picture.draw(told_at(message, MOMENT - began), asked)
        (FOLDER / f"{name}.svg").write_text(drawn, encoding="utf-8")
        print(FOLDER / f"{name}.svg")
    return 0


def _messages(discord: LoopbackDiscord) -> dict[str, PostedMessage]:
    """An answer, a warning and the news of an end, as the bot wrote them."""
    answer = discord.command("@mod", ANSWER).message
    if answer is None:
        raise SystemExit("the bot did not answer")
    for line in (WARNED, ENDED):
        discord.command("@mod", line, "#secret")
    warning = discord.wait_until(lambda: discord.messages("#warnings"), SECONDS, "the warning")[0]
    ending = discord.wait_until(lambda: _not_answers(discord, answer), SECONDS, "the news of the end")[0]
    return {"answer": answer, "warning": warning, "ending": ending}


def _not_answers(discord: LoopbackDiscord, answer: PostedMessage) -> tuple[PostedMessage, ...]:
    return tuple(message for message in discord.messages("#general") if message.id != answer.id)


def told_at(message: PostedMessage, shift: timedelta) -> PostedMessage:
    """The message as if it had been written that much later, the moments in it, too."""
    seconds = round(shift.total_seconds())

    def moved(value: Any) -> Any:
        return json.loads(_STAMP.sub(lambda m: f"<t:{int(m[1]) + seconds}", json.dumps(value)))

    return dataclasses.replace(
        message, content=moved(message.content), embeds=tuple(moved(list(message.embeds))), at=message.at + shift
    )


if __name__ == "__main__":
    sys.exit(main())
