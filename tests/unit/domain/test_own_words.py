"""What servers may say in their own words."""

import pytest

from boostmon.domain.own_words import (
    MOST_LETTERS,
    InvalidWords,
    NoSuchLink,
    TextTooLong,
    UnknownPlaceholder,
    checked_link,
    checked_text,
)


@pytest.mark.parametrize("text", ["Soon!", "{member}: {role} in {server} ends {end}", "x" * MOST_LETTERS, "a **b**"])
def test_text_with_known_placeholders_is_kept(text: str) -> None:
    assert checked_text(text) == text


def test_blanks_and_line_breaks_become_one_blank() -> None:
    assert checked_text("  a\n b ") == "a b"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{user}", "{user}"),
        ("{}", "{}"),
        ("{Member}", "{Member}"),
        ("{ end }", "{ end }"),
        ("a { b", "{"),
        ("a } b", "}"),
        ("{{role}}", "{"),
        ("{role.name}", "{role.name}"),
        ("{role!r}", "{role!r}"),
    ],
)
def test_anything_else_in_braces_is_refused(text: str, named: str) -> None:
    with pytest.raises(InvalidWords) as error:
        checked_text(text)
    assert error.value.problem == UnknownPlaceholder(named)


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(InvalidWords) as error:
        checked_text("x" * (MOST_LETTERS + 1))
    assert error.value.problem == TextTooLong(MOST_LETTERS + 1)


@pytest.mark.parametrize("link", ["https://example.com", "https://shop.example.com:8443/renew?id=1#top"])
def test_the_address_of_a_page_is_kept(link: str) -> None:
    assert checked_link(f" {link} ") == link


@pytest.mark.parametrize(
    "link",
    [
        "http://example.com",
        "HTTPS:example.com",
        "javascript:alert(1)",
        "discord://app",
        "https://",
        "https://localhost/",
        "https://good.example@evil.example/",
        "https://exa mple.com",
        "https://example.com/ü",
        "https://example.com:0x/",
        "https://[::1",
        "example.com",
        "https://example.com/" + "x" * 400,
    ],
)
def test_anything_but_a_page_with_https_is_refused(link: str) -> None:
    with pytest.raises(InvalidWords) as error:
        checked_link(link)
    assert error.value.problem == NoSuchLink(link)
