"""Who set a timer, when and why, according to the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from boostmon.domain.ids import RoleId, UserId
from boostmon.domain.ledger import Action

_MAY_BEGIN = (Action.ADD, Action.MOVE)
"""What starts a timer where there is none."""
_CHANGES_NONE = (Action.GIVE_BACK, Action.GIVEN_AGAIN, Action.LEFT)
"""What is done about a role, or because of where a member is, not about anybody's time."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who set a timer, or started it by adding or moving time, or by giving a role with a rule; when; and why."""

    actor: UserId
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a person did to a timer of a member; `begins` says that there was none before.

    `cancels`: it was to begin later, and never did.
    """

    role: RoleId
    action: Action
    origin: Origin
    begins: bool
    cancels: bool = False


def origins(steps: Iterable[Step]) -> Mapping[RoleId, Origin]:
    """The origin of a member's timer on each role; `steps` are all that people did, the newest first.

    What was taken back, because Discord refused the role or by `/undo`, does not count; nor does a timer that was
    cancelled before it began.
    """
    found: dict[RoleId, Origin] = {}
    taken_back: dict[RoleId, int] = {}
    cancelled: set[RoleId] = set()
    for step in steps:
        if step.role in found or step.action in _CHANGES_NONE:
            continue
        if step.role in cancelled:
            cancelled -= {step.role} if step.begins else set()
            continue
        pending = taken_back.get(step.role, 0)
        if step.action is Action.PUT_BACK or (step.action is Action.UNDO and not pending):
            taken_back[step.role] = pending + 1
        elif pending:
            taken_back[step.role] = pending - 1
        elif step.cancels:
            cancelled.add(step.role)
        elif step.action in {Action.SET, Action.STARTED} or (step.action in _MAY_BEGIN and step.begins):
            found[step.role] = step.origin
    return found
