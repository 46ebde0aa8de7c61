"""The buttons of a message, found in Discord's JSON of its components, and chosen by what stands on them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from boostmon.sandbox.errors import CannotDo

BUTTON = 2
LINK = 5


@dataclass(frozen=True, slots=True)
class Button:
    """A button as its reader sees it. `custom_id` is what the bot hears; a link has a `url` instead.

    `style` is Discord's: 1 blurple, 2 grey, 3 green, 4 red, 5 a link.
    """

    label: str
    custom_id: str | None
    style: int
    url: str | None
    disabled: bool


def rows(components: Iterable[Mapping[str, Any]]) -> Iterator[list[Button]]:
    """The buttons of each row that has any, however deep it lies."""
    for component in components:
        children = component.get("components") or []
        if here := [_button(child) for child in children if child.get("type") == BUTTON]:
            yield here
        if (component.get("accessory") or {}).get("type") == BUTTON:
            yield [_button(component["accessory"])]
        yield from rows(children)


def all_of(components: Iterable[Mapping[str, Any]]) -> list[Button]:
    """All buttons, in the order in which they are read."""
    return [button for row in rows(components) for button in row]


def matching(buttons: Iterable[Button], label: str) -> list[Button]:
    """Those that `label` may mean: it is what stands on one, without regard to case, or how that begins."""
    wanted = label.casefold().strip()
    offered = list(buttons)
    exact = [b for b in offered if b.label.casefold() == wanted]
    return exact or [b for b in offered if wanted and b.label.casefold().startswith(wanted)]


def pressable(buttons: Iterable[Button], label: str) -> Button:
    """The one button that `label` means. Raises `CannotDo` when it means many, or one that cannot be pressed."""
    found = matching(buttons, label)
    if len(found) != 1:
        raise CannotDo(
            f"{label!r} may be any of the buttons {named(found)}" if found else f"No button is called {label!r}"
        )
    button = found[0]
    if button.disabled:
        raise CannotDo(f"The button [{button.label}] is greyed out")
    if button.custom_id is None:
        raise CannotDo(f"The button [{button.label}] is a link, which opens {button.url or 'a page'}")
    return button


def named(buttons: Iterable[Button]) -> str:
    """`[Undo], [Cancel]`."""
    return ", ".join(f"[{button.label}]" for button in buttons)


def _button(component: Mapping[str, Any]) -> Button:
    words = [(component.get("emoji") or {}).get("name"), component.get("label")]
    return Button(
        label=" ".join(str(word) for word in words if word) or "•",
        custom_id=component.get("custom_id"),
        style=int(component.get("style") or 2),
        url=component.get("url"),
        disabled=bool(component.get("disabled")),
    )
