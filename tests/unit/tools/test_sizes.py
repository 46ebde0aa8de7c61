"""Functions and files of boostmon stay short enough to be read at a glance."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
LONGEST_FUNCTION = 40
LONGEST_FILE = 300


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "boostmon").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def long_functions(name: str, source: str) -> Iterator[str]:
    """Each function with more lines than it may have, counted from `def` to its end, docstring and all."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{name}:{node.lineno} {node.name} has {lines} lines"


def test_no_function_is_longer_than_a_screen() -> None:
    found = [line for name, source in sources() for line in long_functions(name, source)]
    assert not found, f"at most {LONGEST_FUNCTION} lines a function"


def test_no_file_is_longer_than_one_subject() -> None:
    found = {name: lines for name, source in sources() if (lines := len(source.splitlines())) > LONGEST_FILE}
    assert not found, f"at most {LONGEST_FILE} lines a file"


def test_what_is_too_long_is_found() -> None:
    short = "def short():\n" + "    pass\n" * (LONGEST_FUNCTION - 1)
    long = "class Some:\n    async def long(self):\n" + "        pass\n" * LONGEST_FUNCTION
    assert list(long_functions("short.py", short)) == []
    assert list(long_functions("long.py", long)) == [f"long.py:2 long has {LONGEST_FUNCTION + 1} lines"]
