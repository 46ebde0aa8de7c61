"""Unit tests reach nothing outside their process."""

import socket
from typing import Never

import pytest
from pytest_socket import SocketBlockedError, disable_socket


def _refuse(*_: object) -> Never:
    raise SocketBlockedError("A unit test tried to reach another process by a Unix socket.")


@pytest.fixture(autouse=True)
def no_sockets() -> None:
    """Python code opens no socket, save the connected pair by which an asyncio loop wakes itself.

    pytest-socket takes the guard away again after each test. libpq opens its own, unseen here: unit tests use the
    in-memory repositories.
    """
    disable_socket(allow_unix_socket=True)
    for way_out in ("bind", "connect", "connect_ex", "sendto"):
        setattr(socket.socket, way_out, _refuse)  # the guard's class is new for each test: nothing to put back
