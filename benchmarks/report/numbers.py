"""Numbers as people read them."""

from collections.abc import Sequence

from benchmarks.harness.results import ParticipantResult
from benchmarks.harness.scenario import Better, Figure


def shown(value: float) -> str:
    """Three significant digits, and none lost of a large whole number."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = f"{value:.3g}"
    return f"{value:.6f}".rstrip("0").rstrip(".") if "e" in digits else digits


def measured(result: ParticipantResult, figure: str, rounds: int) -> str:
    """The median, and between which values the turns lay; with their number, unless it is that of the rounds."""
    values = result.values(figure)
    median = result.median(figure)
    if median is None:
        return "–"  # noqa: RUF001 - a dash in a table
    if len(values) == 1:
        return f"{shown(median)} (once)"
    turns = "" if len(values) == rounds else f"{len(values)} turns, "
    return f"{shown(median)} ({turns}{shown(min(values))} to {shown(max(values))})"


def times(ours: float, theirs: float, better: Better) -> str:
    """How much better we are: above 1 we win."""
    if not ours or not theirs:
        return "–"  # noqa: RUF001 - a dash in a table
    ratio = ours / theirs if better is Better.HIGHER else theirs / ours
    return shown(ratio)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; numbers stand where the first column does not."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def titled(figure: Figure) -> str:
    """A figure with its unit."""
    return f"{figure.title or figure.name}, {figure.unit}"
