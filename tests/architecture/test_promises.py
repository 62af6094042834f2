"""Every promise of the messaging core has a test with its id: `pytest -k ob_03` selects the tests of one."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROMISED = {
    "ob": {*range(1, 13)},
    "ib": {*range(1, 9)},
    "dl": {*range(1, 13)} - {6, 8},  # grouping by type, and editing: with the operator's pages
    "sg": {*range(1, 22)} - {15},  # versions of running sagas: with the first change of one
    "ec": {*range(1, 9)} - {7},  # replay for outside subscribers: with webhooks
    "vs": {*range(1, 5)},
}
NAMED = re.compile(r"(?<![a-z])(ob|ib|dl|sg|ec|vs)_(\d\d)(?!\d)")


def names_of_tests():
    """The names of all tests, with the classes they are in."""
    for path in [*ROOT.glob("*/tests"), *ROOT.glob("*/*/tests"), ROOT / "tests"]:
        for file in path.rglob("test_*.py"):
            yield from _functions(ast.parse(file.read_text()))


def _functions(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name.lower()


def proven():
    return {(kind, int(number)) for name in names_of_tests() for kind, number in NAMED.findall(name)}


def test_every_promise_has_a_test():
    promised = {(kind, number) for kind, numbers in PROMISED.items() for number in numbers}
    assert promised - proven() == set()


def test_no_test_has_the_id_of_an_unknown_promise():
    unknown = {(kind, number) for kind, number in proven() if not 0 < number <= max(PROMISED[kind], default=0)}
    assert unknown == set()
