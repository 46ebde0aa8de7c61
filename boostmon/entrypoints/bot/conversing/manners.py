"""How each kind of interaction is acknowledged, and where its result is told."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, override

from boostmon.entrypoints.bot.components.replies import Reply, embed_of
from boostmon.entrypoints.bot.conversing import sending
from boostmon.entrypoints.bot.reading.asking import Interaction, asker_words
from boostmon.texts.cards import Card


class Manner(Protocol):
    """One way to answer."""

    @property
    def continues(self) -> bool:
        """Whether it continues a command that Discord let the same person use; see `asking`."""
        ...

    def acknowledge(self, interaction: Interaction) -> Coroutine[Any, Any, object]:
        """The first request to Discord."""
        ...

    async def tell(self, interaction: Interaction, reply: Reply) -> None:
        """Tells what was done, or asks a question, once it was acknowledged."""
        ...

    async def refuse(self, interaction: Interaction, refusal: Reply) -> None:
        """Tells what went wrong, once it was acknowledged."""
        ...


@dataclass(frozen=True, slots=True)
class Typed(Manner):
    """A command. `hidden`: its answer is for the asker's eyes only; else everybody sees that the bot is thinking."""

    hidden: bool
    continues: bool = False

    @override
    def acknowledge(self, interaction: Interaction) -> Coroutine[Any, Any, object]:
        return interaction.response.defer(ephemeral=self.hidden)

    @override
    async def tell(self, interaction: Interaction, reply: Reply) -> None:
        """Like any answer, but a question is whispered."""
        await (self.refuse if reply.is_question else sending.answer)(interaction, reply)

    @override
    async def refuse(self, interaction: Interaction, refusal: Reply) -> None:
        """Whispers it."""
        if not self.hidden:
            # A follow-up would be put in the place of the public "thinking…", and be as public.
            await sending.take_answer_away(interaction)
        await sending.whisper_more(interaction, refusal)


@dataclass(frozen=True, slots=True)
class Confirming(Manner):
    """A press that confirms what a question asked. The question loses its buttons at once.

    What goes wrong, or has to be asked anew, takes its place; what was done is told to everybody.
    """

    continues: bool

    @override
    def acknowledge(self, interaction: Interaction) -> Coroutine[Any, Any, object]:
        words = asker_words(interaction)
        card = Card(
            words("Confirmed"),
            words("What comes of it is told below, for everybody to see. If nothing is, look with `/timeleft`."),
        )
        return interaction.response.edit_message(embed=embed_of(card), view=None)

    @override
    async def tell(self, interaction: Interaction, reply: Reply) -> None:
        await (sending.answer if reply.is_question else sending.tell_everybody)(interaction, reply)

    @override
    async def refuse(self, interaction: Interaction, refusal: Reply) -> None:
        await sending.answer(interaction, refusal)


@dataclass(frozen=True, slots=True)
class Pressed(Manner):
    """A press of a button that everybody sees. It goes when it has done what it says; what goes wrong is whispered."""

    continues: bool = False

    @override
    def acknowledge(self, interaction: Interaction) -> Coroutine[Any, Any, object]:
        return interaction.response.defer()

    @override
    async def tell(self, interaction: Interaction, reply: Reply) -> None:
        await sending.tell_everybody(interaction, reply)
        await sending.take_buttons_away(interaction)

    @override
    async def refuse(self, interaction: Interaction, refusal: Reply) -> None:
        await sending.whisper_more(interaction, refusal)
