"""A plugin: what `--cov` measures is measured while the tests of domain and app run, and at no other time.

What these two do is their own tests' to show. Elsewhere the tracer would find next to nothing more, and cost a quarter
of the whole run: it is called for each function, be it measured or not, and most of all while modules are imported.
Whoever names what to measure, as in `--cov=boostmon`, has it measured everywhere.
"""

import importlib
import pkgutil
from collections.abc import Generator
from pathlib import PurePath
from typing import Any

import pytest

_MEASURING = {("tests", "unit", room) for room in ("domain", "app", "memory")}


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Imports what is measured, so that its definitions count, and then the tests without measuring."""
    controller = _controller(session.config)
    if controller is not None:
        for folder in controller.cov.config.source:
            package = importlib.import_module(folder.replace("/", "."))
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                importlib.import_module(module.name)
        controller.pause()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Goes on measuring, or pauses, where a test is of another kind than the one before."""
    controller = _controller(item.config)
    is_measuring = PurePath(item.nodeid).parts[:3] in _MEASURING
    if controller is not None and controller.started != is_measuring:
        if is_measuring:
            controller.resume()
        else:
            controller.pause()
    return (yield)


def _controller(config: pytest.Config) -> Any:
    """What starts and stops coverage in this process; None where none is measured, or all of it is wanted."""
    plugin = config.pluginmanager.getplugin("_cov")
    # pytest-cov's own reading of --cov; it says None for what the configuration names.
    is_left_alone = plugin is None or plugin.options.cov_source is not None
    return None if is_left_alone else plugin.cov_controller
