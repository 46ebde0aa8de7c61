"""What autocomplete offers where a role with a rule is meant."""

from collections.abc import Collection, Mapping
from itertools import islice

from boostmon.domain.eligibility import RoleFacts
from boostmon.domain.ids import RoleId
from boostmon.texts.quoting import shortened
from boostmon.texts.suggestions import MOST_CHOICES, MOST_LETTERS, Choices
from boostmon.texts.words import Words


def ruled_role_choices(
    typed: str, ruled: Collection[RoleId], roles: Mapping[RoleId, RoleFacts], words: Words
) -> Choices:
    """The roles that have a rule and fit what is typed, from the highest down; those that are gone come last."""
    wanted = typed.strip().removeprefix("@").casefold()
    there = sorted((roles[role] for role in ruled if role in roles), key=lambda facts: facts.rank, reverse=True)
    named = [(facts.id, shortened(facts.name, MOST_LETTERS) or str(facts.id)) for facts in there]
    gone = words("Deleted role")
    named += [(role, f"{gone} ({role})") for role in sorted(ruled) if role not in roles]
    choices: Choices = {}
    for role, name in named:
        if wanted in name.casefold() or wanted in {str(role), f"<@&{role}>"}:
            # Discord shows names alone: two roles of one name are told apart by their ids.
            choices[f"{shortened(name, MOST_LETTERS - 23)} ({role})" if name in choices else name] = str(role)
    return dict(islice(choices.items(), MOST_CHOICES))
