"""`tools.mutation`: which faults are planted, by what they are told apart, and what a run says of them."""

from pathlib import Path

import hypothesis
import pytest

from tools.mutation import equivalents, report
from tools.mutation.equivalents import Equivalent
from tools.mutation.finding import mutants_of
from tools.mutation.forks import Answer, Fate, in_fork
from tools.mutation.mutants import Mutant
from tools.mutation.tests import BUDGET_SECONDS, Reached
from tools.mutation.trying import with_tests


def mutants(folder: Path, source: str) -> list[Mutant]:
    file = folder / "module.py"
    file.write_text(source, encoding="utf-8")
    return mutants_of(file)


def changes(folder: Path, source: str) -> list[str]:
    return [mutant.now for mutant in mutants(folder, source)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("x = a < b", ["x = a <= b", "x = a >= b"]),
        ("x = a and b", ["x = a or b", "x = b", "x = a"]),
        ("x = not a", ["x = a"]),
        ("x = a + 1", ["x = a - 1", "x = a + 2"]),
        ("x = True", ["x = False"]),
        ("x = 'word'", ["x = 'XXwordXX'"]),
        ("x = f(a, b=c)", ["x = f(a)"]),
        ("x = min(a, b)", ["x = max(a, b)"]),
        ("x = a if b else c", ["x = a if not b else c"]),
        ("x = [y for y in a if b]", ["x = [y for y in a]", "x = [y for y in a if not b]"]),
        ("x = a[1:]", ["x = a[:]", "x = a[2:]"]),
        ("x = {a, b}", ["x = {b}", "x = {a}"]),
        ("x = isinstance(a, B | C)", ["x = isinstance(a, B)", "x = isinstance(a, C)"]),
        ("a.b = c", ["pass"]),
        ("a += b", ["pass", "a -= b"]),
        ("f(a)", ["pass"]),
        ("_log.info('a', extra={'b': 1})", ["pass"]),
        ("raise Error('a')", ["pass"]),
        ("return a", ["return None"]),
        ("if a: return", ["if not a:"]),
        ("x: int = 1", ["x: int = 2"]),
    ],
)
def test_what_is_changed(tmp_path: Path, statement: str, expected: list[str]) -> None:
    assert changes(tmp_path, f"def f(a, b, c):\n    {statement}\n") == expected


def test_an_early_return_is_left_out_where_something_follows(tmp_path: Path) -> None:
    found = changes(tmp_path, "def f(a):\n    if a:\n        return\n    g()\n")
    assert found == ["if not a:", "pass", "pass"]


def test_a_case_is_left_out_but_not_the_last_one_nor_what_is_never_reached(tmp_path: Path) -> None:
    never = "        case _ as never:\n            assert_never(never)\n"
    source = f"def f(a):\n    match a:\n        case 1:\n            g()\n{never}"
    assert changes(tmp_path, source) == ["case 1 if False", "pass"]


def test_an_error_is_not_caught(tmp_path: Path) -> None:
    source = "def f():\n    try:\n        g()\n    except (A, B):\n        return 1\n"
    assert changes(tmp_path, source)[1:4] == ["except (A, B): raise", "except (B,): return 1", "except (A,): return 1"]


@pytest.mark.parametrize(
    "source",
    [
        '"""Words."""\n',
        "import a\n",
        "type A = B | C\n",
        "__all__ = ['a']\n",
        "x: A | B\n",
        "X = NewType('X', int)\n",
        "class E(Exception):\n    def __init__(self, a):\n        super().__init__(f'{a} is wrong')\n",
    ],
)
def test_what_is_left_alone(tmp_path: Path, source: str) -> None:
    assert changes(tmp_path, source) == []


def test_the_code_has_the_change_and_the_next_one_has_not(tmp_path: Path) -> None:
    first, second = mutants(tmp_path, "x = 1\ny = 1\n")
    for mutant, expected in ((first, (2, 1)), (second, (1, 2)), (first, (2, 1))):
        names: dict[str, int] = {}
        exec(mutant.code(), names)  # noqa: S102 (two assignments)
        assert (names["x"], names["y"]) == expected


def test_only_what_lies_in_functions_is_warm_and_defaults_do_not(tmp_path: Path) -> None:
    found = mutants(tmp_path, "A = 1\n\nclass B:\n    c = 1\n\n    def d(self, e=1):\n        return e + 1\n")
    assert {(mutant.where, mutant.is_warm) for mutant in found} == {("", False), ("B", False), ("B.d", True)}


def test_two_that_read_the_same_are_told_apart(tmp_path: Path) -> None:
    found = mutants(tmp_path, "def f():\n    g()\n    g()\n")
    assert [(mutant.now, mutant.nth) for mutant in found] == [("pass", 0), ("pass", 1)]


def test_every_equivalent_on_the_list_is_a_mutant_of_today_and_has_its_reason() -> None:
    listed = equivalents.listed()
    files = {Path(one.file) for one in listed}
    assert equivalents.unmatched(listed, [mutant for file in files for mutant in mutants_of(file)]) == []
    assert [one for one in listed if not one.reason.strip()] == []


def test_a_fork_answers() -> None:
    assert in_fork(lambda _: (Fate.KILLED, "test_a")) == (Fate.KILLED, "test_a")


def test_a_fork_that_breaks_down_has_noticed_the_fault() -> None:
    def broken(_: object) -> tuple[Fate, str]:
        raise MemoryError

    assert in_fork(broken)[0] is Fate.KILLED


def test_the_score_leaves_out_equivalents_and_a_time_limit_counts_as_noticed(tmp_path: Path) -> None:
    one = mutants(tmp_path, "def f():\n    g()\n")[0]
    equal = Equivalent(one.path, one.where, one.was, one.now, "it is")
    table = report.table(
        [
            report.Result(one, Fate.KILLED, "test_a", None),
            report.Result(one, Fate.TIMED_OUT, "", None),
            report.Result(one, Fate.SURVIVED, "", None),
            report.Result(one, Fate.UNREACHED, "", None),
            report.Result(one, Fate.SURVIVED, "", equal),
        ]
    )
    assert table.splitlines()[1].split()[-5:] == ["2", "2", "1", "50.0", "%"]


def test_tests_that_cannot_be_collected_are_no_tests_that_pass(tmp_path: Path) -> None:
    file = tmp_path / "test_broken.py"
    file.write_text("raise ValueError\n", encoding="utf-8")

    def attempt(_: object) -> Answer:
        hypothesis.settings.register_profile("mutants")
        try:
            with_tests([str(file)], lambda _: None)
        except RuntimeError as error:
            return Fate.SURVIVED, str(error)
        return Fate.SURVIVED, "collected"

    assert in_fork(attempt, silence=120) == (Fate.SURVIVED, "the tests could not be collected")


def test_where_many_tests_come_by_functions_share_the_time() -> None:
    name = "tests/unit/domain/test_words.py::test_{}".format
    quick = {name(f"a_word[{number}]"): 0.25 * BUDGET_SECONDS for number in range(9)}
    reached = Reached({}, {**quick, name("the_order"): 0.4 * BUDGET_SECONDS})
    asked = reached.nearest(reached.seconds, "boostmon/domain/durations/words.py")
    assert asked == [name("a_word[0]"), name("the_order"), name("a_word[1]")]
