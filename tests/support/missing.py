"""A plugin: what a machine lacks is told in one line at the end, however many tests would have needed it."""

from collections.abc import Generator

import pytest

PGBOUNCER = (
    "PgBouncer is not installed, so nothing was tested behind it; "
    "to bring it: apt-get install pgbouncer (macOS: brew install pgbouncer)"
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Gives all tests that were skipped for it the same place, for pytest's summary has a line for each place."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and PGBOUNCER in report.longrepr[2]:
        report.longrepr = ("tests", None, report.longrepr[2])  # type: ignore[assignment] # the line may be unknown
    return report
