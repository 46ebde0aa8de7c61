"""Who reads what in which language: the asker their own, everybody else the guild's."""

from datetime import timedelta
from functools import partial

import pytest

from boostmon.adapters.memory.policies import InMemoryPolicies
from boostmon.app.ports import Asked
from boostmon.domain.ids import GuildId, RequestId, UserId
from boostmon.domain.languages import Language
from boostmon.domain.policy import Policy
from boostmon.sandbox.changes import Changes
from boostmon.texts import words_of
from tests.integration.bot.stage import DANGER, BotStage
from tests.integration.bot.sweeping import Sweeping

EACH_LOCALE = pytest.mark.parametrize(
    ("language", "locale"),
    [(language, locale) for language in Language if language is not Language.EN for locale in language.discord_locales],
)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def speak(stage: BotStage, **languages: str) -> None:
    """`server="fr", mod="de"`."""
    for who, locale in languages.items():
        line = f"{who} {locale}" if who == "server" else f"@{who} {locale}"
        stage.discord.change(partial(Changes.set_language, text=line))


def decide(stage: BotStage, language: Language | None) -> None:
    """The guild decides for a language."""
    guild = GuildId(stage.discord.look(lambda world: world.guild_id))
    asked = Asked(UserId(1), stage.clock.now(), RequestId(stage.discord.look(lambda world: world.backend.snowflake())))
    InMemoryPolicies(stage.store).change(guild, lambda old: Policy(old.thresholds, language=language), asked=asked)


@pytest.mark.parametrize(
    ("locale", "left"),
    [
        ("de", "1 Tag 12 Stunden"),
        ("fr", "1 jour et 12 heures"),
        ("es-ES", "1 día y 12 horas"),
        ("es-419", "1 día y 12 horas"),
        ("pt-BR", "1 dia e 12 horas"),
        ("en-GB", "1 day 12 hours"),
        ("ja", "1 day 12 hours"),
    ],
)
def test_what_only_the_asker_sees_is_in_their_language(stage: BotStage, locale: str, left: str) -> None:
    stage.given("@alice", "@VIP", 36 * HOUR)
    speak(stage, server="fr", alice=locale)

    answer = stage.type("/timeleft", by="@alice")

    assert answer.hidden
    assert left in answer.text


def test_what_everybody_sees_is_in_the_guilds_language(stage: BotStage) -> None:
    speak(stage, server="fr", mod="pt-BR")

    answer = stage.type("/settime user:@alice role:@VIP duration:2 semanas")

    assert not answer.hidden
    assert "14 jours" in answer.text
    assert stage.timer("@alice", "@VIP") is not None


def test_a_language_that_the_guild_decided_for_counts_more_than_discords(stage: BotStage) -> None:
    speak(stage, server="fr", mod="pt-BR")
    decide(stage, Language.DE)
    assert "14 Tage" in stage.type("/settime user:@alice role:@VIP duration:2 semanas").text
    decide(stage, None)
    assert "21 jours" in stage.insist("/settime user:@alice role:@VIP duration:3 semanas").text


def test_suggestions_and_questions_are_the_askers_and_what_comes_of_them_the_guilds(stage: BotStage) -> None:
    speak(stage, server="es-ES", mod="de")
    stage.given("@alice", "@VIP", 30 * DAY)

    assert any(name.startswith("14 Tage") for name in stage.suggestions("/settime user:@alice role:@VIP duration:2 Wo"))
    question = stage.type("/settime user:@alice role:@VIP duration:3 Tage")
    [yes] = [button for button in question.buttons if button.style == DANGER]
    assert question.hidden
    assert "3 Tage" in yes.label

    told = stage.insist("/settime user:@alice role:@VIP duration:3 Tage")
    assert not told.hidden
    assert "3 días" in told.text


def test_refusals_are_in_the_askers_language(stage: BotStage) -> None:
    speak(stage, server="de", mod="es-419")

    answer = stage.type("/settime user:@alice role:@VIP duration:11 años")

    assert answer.hidden
    assert "10 años" in answer.text


def test_warnings_are_in_the_guilds_language_wherever_they_are_read(stage: BotStage) -> None:
    speak(stage, server="de", alice="fr")
    stage.type("/settime user:@alice role:@VIP duration:2h channel:#warnings")
    stage.type("/settime user:@bob role:@VIP duration:2h")
    stage.clock.advance(HOUR + timedelta(minutes=1))
    sweeping = Sweeping(stage)

    sweeping.sweep()
    assert sweeping.deliver().delivered == 2

    for place in (stage.discord.messages("#warnings"), stage.discord.dms("@bob")):
        assert "59 Minuten" in place[-1].text


def test_the_audit_log_is_in_the_guilds_language(stage: BotStage) -> None:
    speak(stage, server="de", mod="fr")
    moderator = str(stage.discord.id_of("@mod"))

    stage.type("/settime user:@alice role:@VIP duration:2h")
    decide(stage, Language.ES)
    stage.type("/settime user:@bob role:@VIP duration:2h")
    stage.clock.advance(2 * HOUR)
    Sweeping(stage).sweep()

    assert [request.reason for request in stage.discord.requests if "/roles/" in request.path] == [
        f"Timer gesetzt von {moderator}",
        f"Temporizador establecido por {moderator}",
        # What the guild decided is not read before a role is taken.
        "Die Zeit war abgelaufen",
        "Die Zeit war abgelaufen",
    ]


def test_a_guild_that_changes_its_language_is_told_in_the_new_one(stage: BotStage) -> None:
    speak(stage, server="de")
    assert "2 Tage" in stage.type("/settime user:@alice role:@VIP duration:2d").text
    speak(stage, server="en-US")
    assert "2 days" in stage.type("/settime user:@bob role:@VIP duration:2d").text


def said(language: Language, text: str, **values: str) -> str:
    """A text in another language than English."""
    told = words_of(language)(text, **values)
    assert told != text.format_map(values)
    return told


@EACH_LOCALE
def test_the_words_around_a_duration_are_in_the_language_too(stage: BotStage, language: Language, locale: str) -> None:
    speak(stage, server=locale, mod="en-US", alice=locale)

    started = stage.type("/settime user:@alice role:@VIP duration:2h")
    assert said(language, "Timer started") in started.text
    assert [button.label for button in started.buttons] == [said(language, "Undo")]
    assert said(language, "Time left") in stage.type("/timeleft", by="@alice").text
    assert "No timer" in stage.type("/pausetime user:@bob").text  # the moderator reads English
    speak(stage, mod=locale)
    assert said(language, "No timer") in stage.type("/pausetime user:@bob").text
    undone = stage.discord.press("@mod", said(language, "Undo"), on=started)
    assert said(language, "Change undone") in undone.text


@EACH_LOCALE
def test_a_question_in_another_language_keeps_its_reason(stage: BotStage, language: Language, locale: str) -> None:
    speak(stage, server="en-US", mod=locale)
    stage.given("@alice", "@VIP", 30 * DAY)
    question = stage.type("/settime user:@alice role:@VIP duration:3d reason:too long")
    assert said(language, "Reason: {reason}", reason="too long") in question.text
    assert [button.label for button in question.buttons][1] == said(language, "Keep it as it is")
    told = stage.insist("/settime user:@alice role:@VIP duration:3d reason:too long")
    assert "Timer replaced" in told.text
    assert "Reason: too long" in told.text
