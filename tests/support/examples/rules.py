"""What is told of the rules that a server has for its roles."""

from collections.abc import Iterator

from boostmon.app.ports import RuleChange
from boostmon.domain.durations import Span
from boostmon.domain.ids import RoleId
from boostmon.domain.own_words import OwnWords
from boostmon.domain.policy import DEFAULT_POLICY, Policy
from boostmon.domain.rules import MOST_RULES, RoleRule
from boostmon.domain.ruling import with_rule
from boostmon.texts import Words
from boostmon.texts.rules import rule_card, rules_card
from tests.support.examples.casts import Cast
from tests.support.examples.said import Example, Said
from tests.support.stage import VIEW
from tests.support.timers import DAY, HOUR, NOW, VIP

_GONE = RoleId(VIP + 77)
_RULE = RoleRule(VIP, longest=90 * DAY, thresholds=(2 * DAY, HOUR))
_SILENT = RoleRule(_GONE, thresholds=())
OWN = OwnWords(
    "Hey {member}, your {role} in {server} ends on {end}. Renew now!",
    "Thank you, {member}!",
    "https://example.com/renew",
)


def rules(words: Words, cast: Cast) -> Iterator[Example]:
    """What goes for a role, what was changed in it, and all rules of a server."""
    ruled = with_rule(DEFAULT_POLICY, VIP, _RULE)
    yield "None", Said.card(rule_card(VIP, DEFAULT_POLICY, words, at=NOW))
    yield "One", Said.card(rule_card(VIP, ruled, words, at=NOW))
    yield "One without warnings", Said.card(rule_card(_GONE, with_rule(ruled, _GONE, _SILENT), words, at=NOW))
    for name, change in {
        "Nothing was changed": RuleChange(_RULE, _RULE, ruled),
        "Changed, and timers go by it": RuleChange(None, _RULE, ruled, replanned=cast.many * 1000),
        "Removed": RuleChange(_RULE, None, DEFAULT_POLICY),
    }.items():
        yield name, Said.card(rule_card(VIP, change.policy, words, change, at=NOW))
    starts = with_rule(DEFAULT_POLICY, VIP, RoleRule(VIP, starts=True, once=True, duration=Span(1)))
    yield "One by which timers start", Said.card(rule_card(VIP, starts, words, at=NOW))
    yield "One by which timers would start", Said.card(rule_card(VIP, starts, words, hears=False, at=NOW))
    for name, date in {"One of an event": NOW + 30 * DAY, "One of an event that is over": NOW - DAY}.items():
        dated = RoleRule(VIP, starts=True, thresholds=(HOUR,), ends_on=date)
        policy = with_rule(DEFAULT_POLICY, VIP, dated)
        made = RuleChange(None, dated, policy, moved=cast.many) if date > NOW else None
        yield name, Said.card(rule_card(VIP, policy, words, made, at=NOW))
    kept = with_rule(DEFAULT_POLICY, VIP, RoleRule(VIP, grace=3 * DAY))
    yield "One with a grace", Said.card(rule_card(VIP, kept, words, at=NOW))
    told = RoleRule(
        VIP, follows=_GONE, warning=OWN.warning, ending=OWN.ending, link=OWN.link, managers=frozenset({_GONE, VIP})
    )
    yield "One with own words", Said.card(rule_card(VIP, with_rule(DEFAULT_POLICY, VIP, told), words, at=NOW))
    yield "All of a server that has none", Said.card(rules_card(DEFAULT_POLICY, VIEW, words, at=NOW))
    yield "All of a server", Said.card(rules_card(with_rule(ruled, _GONE, _SILENT), VIEW, words, at=NOW))


def full(words: Words) -> Said:
    """As many rules as a server may have."""
    many = Policy(
        rules={RoleId(VIP + n): RoleRule(RoleId(VIP + n), thresholds=_RULE.thresholds) for n in range(MOST_RULES)}
    )
    return Said.card(rules_card(many, VIEW, words, at=NOW))
