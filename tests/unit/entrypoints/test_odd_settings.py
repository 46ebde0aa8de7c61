"""Settings as a slip of the pen makes them: each is taken, or named with what is allowed; never anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boostmon.entrypoints.setting_names import near_misses, unknown_settings
from boostmon.entrypoints.settings import Settings, WrongSettings, load_settings
from tests.support.strategies import PROPERTY

NAMES = sorted(str(field.validation_alias) for field in Settings.model_fields.values())
SECRET = "s3cr3t-of-nobody"

# What an environment can hold: no NUL, nothing that is no text.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
values = st.one_of(
    texts,
    st.sampled_from(
        [
            "",
            " ",
            "0",
            "-1",
            "nan",
            "inf",
            "1e999",
            "1" * 500,
            "true",
            "None",
            "10s",
            "9999999999ms",
            "1.5.5s",
            "٣s",
            "²",
        ]
    ),
    st.sampled_from(["2026-02-30", "2026-01-01T00:00:00", "9999-12-31T23:59:59+00:00", "../../etc", "CON", "Europe/"]),
    st.sampled_from(["http://", "http://[::1/api/v10", "http://h:99999/api/v10", "postgresql://%zz", "~nobody-here/x"]),
    st.integers().map(str),
    st.floats().map(str),
)


@PROPERTY
@given(st.dictionaries(st.sampled_from(NAMES), values, max_size=6))
def test_any_values_are_taken_or_named(environment: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        problems = _problems()
    for line in problems:
        assert line.startswith(tuple(NAMES)), line
        assert line.isprintable(), line


def _problems() -> list[str]:
    try:
        load_settings()
    except WrongSettings as wrong:
        return wrong.problems or ["none was told"]
    return []


@PROPERTY
@given(st.sampled_from(["DISCORD_TOKEN", "DATABASE_URL"]), values, values)
def test_secrets_are_never_told(name: str, before: str, after: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(name, f"{before}{SECRET}{after}")
        patched.setenv("BOOSTMON_POOL_MIN", "many")
        with pytest.raises(WrongSettings) as caught:
            load_settings()
        assert SECRET not in "\n".join(caught.value.problems)
        assert SECRET not in repr(caught.value)


@PROPERTY
@given(st.lists(st.one_of(texts, texts.map("BOOSTMON_{}".format), st.sampled_from(NAMES)), max_size=8))
def test_any_names_get_a_line_or_none(names: list[str]) -> None:
    lines = [*unknown_settings(names, NAMES), *near_misses(names, NAMES)]

    wrong = {name for name in names if name.upper().startswith("BOOSTMON_") and name.upper() not in NAMES}
    assert len(wrong) <= len(lines) <= len(set(names))
    assert all(line.isprintable() for line in lines)
