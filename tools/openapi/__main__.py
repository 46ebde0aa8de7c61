"""Holds recorded requests against Discord's OpenAPI description.

    python -m tools.openapi DESCRIPTION.json REQUESTS.jsonl

Each line of the second file is one request: `{"method": …, "path": "/api/v10/…", "query": …, "body": …}`.
`query` is an object of strings (or lists of them), a query string, or absent; `body` is the JSON that was
sent, null or absent for none. Prints how often each operation was seen. Exits with 1 if a request fits no
operation or does not fit its parameters or body, or if there is no request at all; with 2 if called wrongly.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tools.openapi.description import Description
from tools.openapi.requests import read_request


def check(description: Description, lines: Iterable[str]) -> tuple[Counter[str], list[str]]:
    """Judge every line: how often each operation was used rightly, and each misfit with its line number."""
    fitting: Counter[str] = Counter()
    misfits: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            request = read_request(line)
        except ValueError as error:
            misfits.append(f"line {number}: not a request: {error}")
            continue
        verdict = description.judge(request)
        if verdict.operation is not None and not verdict.problems:
            fitting[str(verdict.operation)] += 1
        misfits += [f"line {number}: {request.method} {request.path}: {problem}" for problem in verdict.problems]
    return fitting, misfits


def main(arguments: list[str]) -> int:
    """Run the check; see the module's text for arguments and exit codes."""
    if len(arguments) != 2:
        print("usage: python -m tools.openapi DESCRIPTION.json REQUESTS.jsonl", file=sys.stderr)
        return 2
    for name in arguments:
        if not Path(name).is_file():
            print(f"there is no file {name or '(no name given)'}", file=sys.stderr)
            return 2
    description = Description(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    with Path(arguments[1]).open(encoding="utf-8") as lines:
        fitting, misfits = check(description, lines)
    for operation, times in sorted(fitting.items()):
        print(f"{times:6}  {operation}")
    print(f"{fitting.total()} requests fit, {len(misfits)} problems")
    if not fitting and not misfits:
        print("no request was recorded: nothing was checked", file=sys.stderr)
    for misfit in misfits:
        print(misfit, file=sys.stderr)
    return int(bool(misfits) or not fitting)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
