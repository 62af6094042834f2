"""The size of files: past 250 lines a file is questioned, past 400 it is refused."""

import ast
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 400, 40, 8


def sources():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split() if (ROOT / name).exists()]


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, node.end_lineno - node.body[0].lineno + 1 - _docstring_lines(node)


def _docstring_lines(node):
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return first.end_lineno - first.lineno + 1 if documented else 0


def test_no_file_is_longer_than_400_lines():
    assert {str(p.relative_to(ROOT)) for p in sources() if len(p.read_text().splitlines()) > LONGEST_FILE} == set()


def test_no_function_is_longer_than_a_screen_and_most_are_short():
    product = [p for p in sources() if "tests" not in p.parts and "migrations" not in p.parts]
    lengths = {f"{p.relative_to(ROOT)}:{node.name}": n for p in product for node, n in functions(p)}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}
    assert statistics.median(lengths.values()) <= USUAL_FUNCTION


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "base", "misc"])
def test_no_module_has_a_meaningless_name(name):
    named = [p.relative_to(ROOT) for p in sources()]  # independent of the folder of the clone
    assert [str(p) for p in named if name in (p.stem, p.parent.name)] == []
