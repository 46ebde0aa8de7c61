"""How wide text is: the widths of Helvetica, by which the other sans-serif fonts are made to measure, too.

A picture names no font but the reader's own, so each run of text is drawn with the length that is computed here.
"""

_FIRST = 32
_REGULAR = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 "
    "584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 "
    "333 611 556 778 556 556 500 389 280 389 584"
)
_WIDTHS = {False: tuple(map(int, _REGULAR.split())), True: tuple(map(int, _BOLD.split()))}
_OTHER = 600
_WIDE = 1000


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text in pixels."""
    return sum(_units(sign, bold=bold) for sign in text) * size / 1000


def _units(sign: str, *, bold: bool) -> int:
    place = ord(sign) - _FIRST
    widths = _WIDTHS[bold]
    if 0 <= place < len(widths):
        return widths[place]
    return _OTHER if ord(sign) < 0x2E80 else _WIDE
