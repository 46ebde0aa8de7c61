"""`tools.contracts`: the import contract of domain and app."""

import pytest
from grimp import ImportGraph

from tools.contracts import StandardLibraryOnly


def graph(*imports: tuple[str, str]) -> ImportGraph:
    made = ImportGraph()
    for module in ("boostmon", "boostmon.domain", "boostmon.domain.timer", "boostmon.adapters"):
        made.add_module(module)
    for importer, imported in imports:
        if imported not in made.modules:
            made.add_module(imported, is_squashed=not imported.startswith("boostmon"))
        made.add_import(importer=importer, imported=imported, line_number=1, line_contents="")
    return made


def contract(*besides: str) -> StandardLibraryOnly:
    return StandardLibraryOnly(
        name="pure",
        session_options={"root_packages": ["boostmon"]},
        contract_options={"packages": ["boostmon.domain"], "besides": list(besides)},
    )


def test_standard_library_and_own_package_are_allowed() -> None:
    checked = contract().check(
        graph(("boostmon.domain.timer", "datetime"), ("boostmon.domain.timer", "boostmon.domain")),
        verbose=False,
    )
    assert checked.kept


def test_another_package_may_import_what_it_likes() -> None:
    assert contract().check(graph(("boostmon.adapters", "psycopg")), verbose=False).kept


@pytest.mark.parametrize("importer", ["boostmon.domain", "boostmon.domain.timer"])
def test_a_third_party_import_breaks_it_and_is_named(importer: str, capsys: pytest.CaptureFixture[str]) -> None:
    rule = contract()
    checked = rule.check(graph((importer, "dateutil")), verbose=False)
    assert not checked.kept
    rule.render_broken_contract(checked)
    assert f"{importer} -> dateutil" in capsys.readouterr().out


def test_what_is_named_besides_is_allowed_and_nothing_else() -> None:
    imports = (("boostmon.domain", "babel"), ("boostmon.domain.timer", "dateutil"))
    assert contract("babel").check(graph(*imports[:1]), verbose=False).kept
    assert not contract("babel").check(graph(*imports), verbose=False).kept
