"""`tools.messages`: how the catalogues are brought up to date."""

from pathlib import Path

from babel.messages.catalog import Catalog

from boostmon.domain.languages import Language
from tools.messages import extracted, is_translated, messages_of, read, updated

HEADER = updated(Language.DE, Catalog(), "")
ONE = '#: boostmon/a.py\nmsgid "one"\nmsgstr "eins"\n'
TWO = '#: boostmon/b.py\nmsgid "two"\nmsgstr "zwei"\n'
UNTRANSLATED_ONE = ONE.replace("eins", "")


def template(*texts: tuple[str, str]) -> Catalog:
    made = Catalog()
    for text, file in texts:
        made.add(text, locations=[(file, 0)])
    return made


BOTH = template(("one", "boostmon/a.py"), ("two", "boostmon/b.py"))


def test_texts_are_found_by_the_names_of_their_calls(tmp_path: Path) -> None:
    source = tmp_path / "boostmon" / "texts.py"
    source.parent.mkdir()
    source.write_text(
        'A = msgid("in a constant")\n'
        "# Translators: what it is about\n"
        'b = words("whole", c=words("inside"))\n'
        'd = self._words("of its own")\n'
        'e = words.plural("{n} f", "{n} fs", 2)\n'
        'g = words.context("a verb", "run")\n'
        'h = other("not a text")\n'
    )
    found = messages_of(extracted(tmp_path))
    assert set(found) == {
        (None, "in a constant"),
        (None, "whole"),
        (None, "inside"),
        (None, "of its own"),
        (None, "{n} f"),
        ("a verb", "run"),
    }
    assert found[None, "{n} f"].id == ("{n} f", "{n} fs")
    assert found[None, "whole"].auto_comments == ["Translators: what it is about"]
    assert found[None, "whole"].locations == [("boostmon/texts.py", 0)]


def test_what_is_up_to_date_stays_as_it_is() -> None:
    assert updated(Language.DE, BOTH, f"{HEADER}{ONE}\n{TWO}") == f"{HEADER}{ONE}\n{TWO}\n"


def test_new_texts_are_added_and_old_ones_dropped() -> None:
    assert updated(Language.DE, BOTH, HEADER + TWO) == f"{HEADER}{UNTRANSLATED_ONE}\n{TWO}\n"
    assert updated(Language.DE, template(("two", "boostmon/b.py")), f"{HEADER}{ONE}\n{TWO}") == f"{HEADER}{TWO}\n"


def test_what_a_translator_noted_stays() -> None:
    noted = f"{HEADER}# Said of roles only.\n{ONE}\n{TWO}"
    assert updated(Language.DE, BOTH, noted) == f"{noted}\n"


def test_a_text_that_is_counted_now_needs_a_new_translation() -> None:
    counted = Catalog()
    counted.add(("one", "{n} ones"))
    [message] = messages_of(read(Language.DE, updated(Language.DE, counted, HEADER + ONE))).values()
    assert not is_translated(message)


def test_a_file_in_conflict_is_put_together_of_both_sides() -> None:
    conflict = f"{HEADER}<<<<<<< main\n{ONE}=======\n{UNTRANSLATED_ONE}\n{TWO}>>>>>>> mine\n"
    assert updated(Language.DE, BOTH, conflict) == f"{HEADER}{ONE}\n{TWO}\n"


def test_what_is_being_merged_in_wins_over_what_is_there() -> None:
    conflict = f"{HEADER}<<<<<<< main\n{ONE}||||||| base\n=======\n{ONE.replace('eins', 'ein')}>>>>>>> mine\n\n{TWO}"
    assert updated(Language.DE, BOTH, conflict) == f"{HEADER}{ONE.replace('eins', 'ein')}\n{TWO}\n"
