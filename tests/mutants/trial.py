"""A copy of the sources for mutants, so that the checkout is not changed; tests run in the copy."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.mutants.mutant import Mutant

LONGEST = 240  # seconds for a trial; a mutant whose tests hang has not been killed
SOURCES = ("shared", "gateway", "deploy", "services/*")


@dataclass(frozen=True)
class Outcome:
    """The outcome of one test."""

    test: str
    when: str
    passed: bool
    behaved: bool
    why: str

    def __str__(self) -> str:
        return f"{self.test}: {self.when}: {self.why}"

    def is_of(self, wanted: str) -> bool:
        """Whether this is the given test, or one of its parameters."""
        return self.test == wanted or self.test.startswith(f"{wanted}[")


@dataclass(frozen=True)
class Verdict:
    """Whether a mutant was killed by its tests, and if not, why."""

    killed: bool
    reason: str
    seconds: float


@contextmanager
def copied(checkout: Path) -> Iterator[Path]:
    """A temporary copy of all sources of a checkout; its tests use the servers of the checkout."""
    with tempfile.TemporaryDirectory(prefix="jishi_mutants_") as folder:
        root = Path(folder).resolve()
        for name in _sources(checkout):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout / name, root / name)
        (root / ".run").mkdir()
        (root / ".run" / "test").symlink_to(checkout / ".run" / "test")
        yield root


def run(root: Path, tests: Sequence[str]) -> list[Outcome] | None:
    """The outcomes of these tests in the tree below `root`; None if they do not finish."""
    file = root / "outcomes.json"
    file.unlink(missing_ok=True)
    options = ["-p", "tests.mutants.outcomes", "-p", "no:cacheprovider"]
    with (root / "pytest.log").open("wb") as log:
        pytest = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=root,
            env=_environment(root) | {"OUTCOMES": str(file)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            pytest.wait(LONGEST * max(1, len(tests)))
        except subprocess.TimeoutExpired:
            os.killpg(pytest.pid, 9)
            pytest.wait()
            return None
    if not file.exists():
        return [
            Outcome("pytest", "run", passed=False, behaved=False, why=(root / "pytest.log").read_text()[-2000:])
        ]
    return [Outcome(**one) for one in json.loads(file.read_text())]


def killed(root: Path, mutant: Mutant) -> Verdict:
    """Apply the mutant in the tree below `root` and run its tests."""
    began = monotonic()
    with mutant.alive(root):
        outcomes = run(root, mutant.killed_by)
    reason = _survival(outcomes, mutant.killed_by)
    return Verdict(killed=not reason, reason=reason, seconds=monotonic() - began)


def unsound(root: Path, tests: Sequence[str]) -> list[str]:
    """The failures of these tests without a mutant; there should be none."""
    outcomes = run(root, tests)
    if outcomes is None:
        return ["the tests do not finish"]
    missing = [f"{test}: not found" for test in tests if not any(one.is_of(test) for one in outcomes)]
    return missing + [str(one) for one in outcomes if not one.passed]


def _survival(outcomes: list[Outcome] | None, tests: Sequence[str]) -> str:
    if outcomes is None:
        return "its tests do not finish"
    broken = [one for one in outcomes if not one.behaved and one.when != "teardown"]  # may be caused by a failure
    if broken:
        return f"the program cannot run: {broken[0]}"
    green = [test for test in tests if not any(one.is_of(test) and not one.passed for one in outcomes)]
    return f"survived {', '.join(green)}" if green else ""


def _sources(checkout: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (checkout / name).is_file()]


def _environment(root: Path) -> dict[str, str]:
    """The copy's sources take precedence over those of the checkout, also in processes started by tests."""
    roots = [root, *(found for pattern in SOURCES for found in sorted(root.glob(pattern)))]
    path = os.pathsep.join(map(str, roots))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
