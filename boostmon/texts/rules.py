"""The answers of `/timerrule`: what goes for the timers of a role, and what a change did to those that run."""

from datetime import datetime

from boostmon.app.ports import RuleChange
from boostmon.domain.eligibility import GuildView
from boostmon.domain.ids import RoleId
from boostmon.domain.policy import Policy
from boostmon.domain.rules import MOST_RULES, RoleRule
from boostmon.texts import stamps
from boostmon.texts.cards import Card, Colour
from boostmon.texts.quoting import escaped, shortened
from boostmon.texts.words import Words, msgid

MOST_LETTERS = 3500
"""Of the rules in one answer: Discord takes 4,096, and something is said below them."""

MOST_WORDS = 400
"""Twice as many with the backslashes: Discord takes 1,024."""
MOST_NAMED = 5
NO_RULES = msgid("No role has a rule of its own. `/timerrule set` makes one.")


UNTIL_ALLOWED = msgid(
    "Managers can time this role if it stands below their own highest and has no permission they lack. Discord shows "
    "them the commands only once you allow it: Server Settings → Integrations → my name → each command → Add Roles or "
    "Members."
)
DEAF = msgid(
    "I do not hear of roles that others give: for that I need the permission **View Audit Log**. Until then no timer "
    "starts by itself."
)


def rule_card(
    role: RoleId, policy: Policy, words: Words, change: RuleChange | None = None, *, at: datetime, hears: bool = True
) -> Card:
    """What goes for a role, as of `at`; `change`: what was just changed.

    `hears`: the bot learns of roles that others give.
    """
    is_changed = change is not None and change.before != change.after
    rule = policy.rules.get(role)
    card = Card(_title(rule, words, is_changed=is_changed), stamps.role(role))
    card.colour = Colour.ACTIVE if is_changed and rule is not None else Colour.NONE
    if rule is None:
        card.description = words(
            "{role} has no rule of its own: what is set for the server goes.", role=stamps.role(role)
        )
    else:
        for name, value in _decided(rule, words, at).items():
            card.add_field(name, value)
    notes = _notes(change, words)
    if rule is not None and rule.managers and (change is None or _managers(change.before) != rule.managers):
        notes.append(words(UNTIL_ALLOWED))
    if rule is not None and rule.starts and not hears:
        notes.append(words(DEAF))
    if notes:
        card.add_field(words("Note"), "\n".join(notes))
    return card


def rules_card(policy: Policy, view: GuildView, words: Words, *, at: datetime) -> Card:
    """All rules of a server, as of `at`, those of the highest roles first; as many as fit."""
    if not policy.rules:
        return Card(words("Rules for roles"), words(NO_RULES))
    known = {role: facts.rank for role, facts in view.roles.items()}
    order = sorted(policy.rules, key=lambda role: (role in known, known.get(role, (0, -role))), reverse=True)
    lines: list[str] = []
    for role in order:
        line = _line(policy.rules[role], words, at, is_gone=role not in known)
        if sum(map(len, lines)) + len(lines) + len(line) > MOST_LETTERS:
            break
        lines.append(line)
    if left := len(order) - len(lines):
        lines.append(f"- {words('and {n} more', n=left)}")
    card = Card(words("Rules for roles"), "\n".join(lines))
    card.footer = words("{n} of {most}", n=len(order), most=MOST_RULES)
    return card


def _title(rule: RoleRule | None, words: Words, *, is_changed: bool) -> str:
    if not is_changed:
        return words("Rule for a role")
    return words("Rule removed") if rule is None else words("Rule changed")


def _decided(rule: RoleRule, words: Words, at: datetime) -> dict[str, str]:
    """What the rule says, by what it is about."""
    said = {}
    if rule.starts:
        said[words("Starts by itself")] = words("whenever somebody gets the role, whoever gives it")
    if rule.once:
        said[words("Once for each member")] = words("whoever has had a timer on it gets no second one")
    if rule.ends_on is not None:
        said[words("All end")] = _ends_on(rule.ends_on, words, at)
    if rule.follows is not None:
        said[words("Role that follows")] = words("{role}, once time is up", role=stamps.role(rule.follows))
    if rule.duration is not None:
        said[words("Duration")] = words.amount(rule.duration)
    if rule.longest is not None:
        said[words("Longest timer")] = words.duration(rule.longest, units=5)
    if rule.grace is not None:
        said[words("Kept once time is up")] = words.duration(rule.grace, units=5)
    if rule.thresholds is not None:
        said[words("Warnings before the end")] = _thresholds(rule, words)
    return said | _further(rule, words)


def _further(rule: RoleRule, words: Words) -> dict[str, str]:
    """What it says that has no counterpart in the time of a timer."""
    said = {}
    if rule.warning is not None:
        said[words("Own words before the end")] = escaped(rule.warning, MOST_WORDS)
    if rule.ending is not None:
        said[words("Own words after the end")] = escaped(rule.ending, MOST_WORDS)
    if rule.link is not None:
        said[words("Page for the button “{button}”", button=words("Renew"))] = rule.link
    if rule.managers:
        said[words("Managers")] = ", ".join(map(stamps.role, sorted(rule.managers)))
    return said


def _few(rule: RoleRule, words: Words) -> str:
    """Of the managers so many that a line of the list takes their mentions whole."""
    shown = [stamps.role(role) for role in sorted(rule.managers)]
    left = len(shown) - MOST_NAMED
    return ", ".join(shown if left <= 0 else [*shown[:MOST_NAMED], words("and {n} more", n=left)])


def _managers(rule: RoleRule | None) -> frozenset[RoleId]:
    return frozenset() if rule is None else rule.managers


def _ends_on(date: datetime, words: Words, at: datetime) -> str:
    if date <= at:
        return words("{moment}: that is over, so no timer starts any more", moment=stamps.moment(date))
    return stamps.moment_and_distance(date)


def _thresholds(rule: RoleRule, words: Words) -> str:
    if not rule.thresholds:
        return words("none; members are told of the end itself")
    return ", ".join(words.durations(rule.thresholds, units=5))


def _line(rule: RoleRule, words: Words, at: datetime, *, is_gone: bool) -> str:
    decided = _decided(rule, words, at)
    if rule.managers:
        decided[words("Managers")] = _few(rule, words)
    said = " · ".join(
        words("{setting}: {value}", setting=name, value=shortened(value, 150)) for name, value in decided.items()
    )
    named = words("a deleted role ({id})", id=str(rule.role)) if is_gone else stamps.role(rule.role)
    return f"- {named}: {said}" if said else f"- {named}"


def _notes(change: RuleChange | None, words: Words) -> list[str]:
    notes = []
    if change is not None and change.before == change.after:
        notes.append(words("That was set already; nothing changed."))
    if change is not None and change.replanned:
        notes.append(
            words.plural(
                "One running timer goes by the new rule from now on.",
                "{n} running timers go by the new rule from now on.",
                change.replanned,
            )
        )
    if change is not None and change.moved:
        notes.append(
            words.plural(
                "One timer that would have ended otherwise ends on that date now.",
                "{n} timers that would have ended otherwise end on that date now.",
                change.moved,
            )
        )
    return notes
