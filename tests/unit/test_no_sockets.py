"""The guard of `conftest.py` holds, and lets an event loop run."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_socket import SocketBlockedError

# The guard warns before it raises, and a warning is an error here.
pytestmark = pytest.mark.filterwarnings("ignore:A (unit )?test tried:UserWarning")


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_no_internet_socket_can_be_made(family: socket.AddressFamily) -> None:
    with pytest.raises(SocketBlockedError):
        socket.socket(family, socket.SOCK_STREAM)


def test_no_name_can_be_looked_up() -> None:
    with pytest.raises(SocketBlockedError):
        socket.getaddrinfo("localhost", 80)


def test_no_connection_can_be_made_by_the_usual_shortcut() -> None:
    with pytest.raises(SocketBlockedError):
        socket.create_connection(("127.0.0.1", 9))


@pytest.mark.parametrize(
    "way_out",
    [
        lambda opened, path: opened.bind(path),
        lambda opened, path: opened.connect(path),
        lambda opened, path: opened.connect_ex(path),
        lambda opened, path: opened.sendto(b"x", path),
    ],
    ids=["bind", "connect", "connect_ex", "sendto"],
)
def test_no_unix_socket_leads_out(way_out: Callable[[socket.socket, str], object], tmp_path: Path) -> None:
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as opened,
        pytest.raises(SocketBlockedError),
    ):
        way_out(opened, str(tmp_path / "s"))


def test_a_client_on_asyncio_is_stopped_too() -> None:
    with pytest.raises(SocketBlockedError):
        asyncio.run(_connect())


async def _connect() -> None:
    await asyncio.open_connection("127.0.0.1", 9)


def test_an_event_loop_still_runs_and_is_woken_by_threads() -> None:
    assert asyncio.run(asyncio.to_thread(lambda: "woken")) == "woken"
