"""Where requests go."""

from collections.abc import Iterator

import pytest
from nextcord.http import Route

from boostmon.adapters.discord.client import is_open_to_listeners, use_api


@pytest.fixture(autouse=True)
def base_put_back() -> Iterator[None]:
    before = Route.BASE
    yield
    Route.BASE = before


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://discord.com/api/v10", "https://discord.com/api/v10"),
        ("http://127.0.0.1:8080/api/v10/", "http://127.0.0.1:8080/api/v10"),
        (" http://proxy:3000/discord/api/v9 ", "http://proxy:3000/discord/api/v9"),
        ("http://[::1]:80/api/v10", "http://[::1]:80/api/v10"),
    ],
)
def test_every_later_request_goes_there(given: str, used: str) -> None:
    use_api(given)
    assert Route("GET", "/users/@me").url == f"{used}/users/@me"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "discord.com/api/v10",
        "ftp://discord.com/api/v10",
        "https://discord.com",
        "https://discord.com/api",
        "https://discord.com/api/10",
        "https://discord.com/api/v10/users",
        "https://discord.com/api/v10?x=1",
        "https:///api/v10",
        "https://user:secret@discord.com/api/v10",
        "https://discord.com/a b/api/v10",
    ],
)
def test_refuses_what_is_no_api(given: str) -> None:
    url_before = Route("GET", "/x").url
    with pytest.raises(ValueError, match=r"api/v10") as raised:
        use_api(given)
    assert "secret" not in str(raised.value)
    assert Route("GET", "/x").url == url_before


@pytest.mark.parametrize(
    ("base", "is_open"),
    [
        ("https://discord.com/api/v10", False),
        ("http://127.0.0.1:8080/api/v10", False),
        ("http://127.8.8.8/api/v10", False),
        ("http://[::1]:8080/api/v10", False),
        ("http://localhost:8080/api/v10", False),
        ("http://proxy.localhost/api/v10", False),
        ("http://proxy:8080/api/v10", True),
        ("http://10.0.0.5/api/v10", True),
        ("http://[2001:db8::1]/api/v10", True),
        ("http://localhost.example.com/api/v10", True),
    ],
)
def test_http_to_another_machine_shows_the_token_to_who_listens(base: str, *, is_open: bool) -> None:
    assert is_open_to_listeners(base) is is_open
