"""nameko's known limits: docs/nameko.md answers each, and the tests that it names exist."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from local.system import SERVICES

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "docs" / "nameko.md").read_text().partition("## Known limits of nameko")[2].partition("\n## ")[0]
ROWS = dict(re.findall(r"^\| (\d+) \| (.*) \|$", SECTION, re.MULTILINE))
ALLOWED = {
    "nameko.containers.ServiceContainer",
    *(f"nameko.extensions.{name}" for name in ("DependencyProvider", "Entrypoint", "SharedExtension")),
    *(f"nameko.extensions.{name}" for name in ("ENTRYPOINT_EXTENSIONS_ATTR", "is_dependency")),
}


def product():
    """The modules of all programs."""
    folders = [
        "shared/shared",
        "gateway/gateway",
        "deploy",
        *(f"services/{p.name}" for p in (ROOT / "services").iterdir()),
    ]
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "tests" not in path.parts]


def imported(path):
    """The imports of a module, by their full names."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def all_tests():
    """The names of all tests."""
    folders = ("shared/tests", "services", "gateway/tests", "deploy", "tests")
    files = {path for folder in folders for path in (ROOT / folder).rglob("test_*.py")}
    return {name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)}


def test_every_known_limit_of_nameko_is_answered():
    assert list(map(int, ROWS)) == list(range(1, 37))
    assert all(
        len(row.split(" | ")) == 3 and all(cell.strip() for cell in row.split(" | ")) for row in ROWS.values()
    )


def test_every_test_named_in_the_answers_exists():
    named = set(re.findall(r"`(test_\w+)`", SECTION))
    assert len(named) > 25
    assert named - all_tests() == set()


def test_only_the_life_cycle_and_the_extensions_of_nameko_are_used():
    found = {name for path in product() for name in imported(path) if name.partition(".")[0] == "nameko"}
    assert found == ALLOWED


def test_no_service_calls_another_one():
    for service in SERVICES:
        for path in (ROOT / "services" / service / service).rglob("*.py"):
            assert not {"shared.rpc_client"} & {name.rpartition(".")[0] for name in imported(path)}, path


def test_no_test_uses_a_broker_in_memory():
    assert [path for path in product() if "memory://" in path.read_text()] == []


def test_every_timeout_of_eventlet_raises_an_ordinary_exception():
    found = [call for path in product() for call in timeouts(path)]
    assert len(found) == 3
    for module, call in found:
        (_, raised) = call.args
        assert isinstance(raised, ast.Call)
        ordinary = f"import {module} as m; assert issubclass(m.{raised.func.id}, Exception)"
        subprocess.run([sys.executable, "-W", "ignore", "-c", ordinary], check=True)


def timeouts(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("eventlet.Timeout"):
            yield f"shared.{path.stem}", node


def run_unpatched(lines):
    return subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.filterwarnings("ignore")
def test_a_service_that_was_not_patched_first_does_not_start():
    late = "import eventlet; eventlet.monkey_patch = lambda: None; from shared import run; run.main('catalog')"
    refused = run_unpatched(late)
    assert refused.returncode != 0
    assert "eventlet was patched too late" in refused.stderr


def test_the_entry_module_patches_before_it_imports_anything_else():
    body = ast.parse((ROOT / "shared" / "shared" / "run.py").read_text()).body
    calls = [ast.unparse(node) for node in body]
    patched = calls.index("eventlet.monkey_patch()")
    before = [node for node in body[:patched] if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in before] == ["import warnings", "import eventlet"]
