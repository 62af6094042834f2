"""The mutants match the code, and a mutant counts as killed only for the right reason."""

import ast
import shutil
from pathlib import Path

import pytest

from tests.mutants import trial
from tests.mutants.listed import MUTANTS
from tests.mutants.mutant import Mutant, NotFoundOnce

ROOT = Path(__file__).resolve().parents[2]


def test_every_guard_occurs_exactly_once():
    for mutant in MUTANTS:
        assert mutant.mutated(ROOT) != (ROOT / mutant.file).read_text()


def test_every_mutant_has_a_unique_name_and_is_valid_python():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    for mutant in MUTANTS:
        if mutant.file.endswith(".py"):
            compile(mutant.mutated(ROOT), mutant.file, "exec")


def test_the_tests_of_every_mutant_exist():
    for path, name in (test.split("::", 1) for mutant in MUTANTS for test in mutant.killed_by):
        functions = [n for n in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(n, ast.FunctionDef)]
        assert name.rpartition("::")[2].partition("[")[0] in {function.name for function in functions}


@pytest.fixture
def till(tmp_path):
    """A product of one module, with a test for one of its two guards."""
    (tmp_path / "till.py").write_text("LEAST = 1\n\n\ndef pay(amount):\n    return max(amount, 0)\n")
    (tmp_path / "test_till.py").write_text(
        "import till\n\n\ndef test_no_amount_is_negative():\n    assert till.pay(-5) == 0\n"
    )
    (tmp_path / "tests" / "mutants").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "mutants" / "outcomes.py", tmp_path / "tests" / "mutants")
    return tmp_path


def mutant(guard, instead, *killed_by):
    tests = killed_by or ("test_till.py::test_no_amount_is_negative",)
    return Mutant(name="of the till", file="till.py", guard=guard, instead=instead, killed_by=tests)


def test_a_mutant_that_its_test_detects_is_killed_and_removed(till):
    sound = (till / "till.py").read_text()
    assert trial.unsound(till, ["test_till.py::test_no_amount_is_negative"]) == []
    assert trial.killed(till, mutant("max(amount, 0)", "amount")).killed
    assert (till / "till.py").read_text() == sound


@pytest.mark.parametrize(
    ("alive", "reason"),
    [
        (mutant("LEAST = 1", "LEAST = 2"), "survived test_till.py::test_no_amount"),
        (mutant("LEAST = 1", "import nothing_of_the_kind"), "ModuleNotFoundError"),
        (mutant("return max", "return maximum"), "NameError"),
        (mutant("LEAST = 1", "LEAST = 2", "test_till.py::test_nothing"), "survived test_till.py::test_nothing"),
    ],
)
def test_a_mutant_that_survives_or_only_breaks_the_program_is_not_killed(till, alive, reason):
    verdict = trial.killed(till, alive)
    assert not verdict.killed
    assert reason in verdict.reason


def test_a_test_that_fails_or_is_missing_without_a_mutant_is_reported(till):
    (till / "till.py").write_text("def pay(amount):\n    return amount\n")
    wrong = trial.unsound(till, ["test_till.py::test_no_amount_is_negative"])
    assert "test_no_amount_is_negative: call: AssertionError" in wrong[0]
    assert "test_nothing: not found" in trial.unsound(till, ["test_till.py::test_nothing"])[0]


@pytest.mark.parametrize("guard", ["not there at all", "a"])
def test_a_guard_that_does_not_occur_exactly_once_is_refused(till, guard):
    with pytest.raises(NotFoundOnce):
        mutant(guard, "b").mutated(till)


def test_a_copy_has_all_sources_and_uses_the_servers_of_its_checkout():
    with trial.copied(ROOT) as root:
        assert (root / "tests/mutants/test_mutants.py").read_text() == Path(__file__).read_text()
        assert (root / ".run/test").resolve() == ROOT / ".run/test"
        assert not (root / ".venv").exists()
    assert not root.exists()
