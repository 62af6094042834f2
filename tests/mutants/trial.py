"""A copy of the sources in which mutants live, so that the checkout is never touched, and tests run in it."""

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

LONGEST = 240  # seconds a trial may take; one that hangs has not been killed
SOURCES = ("shared", "gateway", "deploy", "services/*")


@dataclass(frozen=True)
class Outcome:
    """What became of one test."""

    test: str
    when: str
    passed: bool
    behaved: bool
    why: str

    def __str__(self) -> str:
        return f"{self.test}: {self.when}: {self.why}"

    def is_of(self, wanted: str) -> bool:
        """Whether this is the wanted test, or one of its parameters."""
        return self.test == wanted or self.test.startswith(f"{wanted}[")


@dataclass(frozen=True)
class Verdict:
    """Whether a mutant was killed by the tests meant for it, and if not, why."""

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
    """What becomes of these tests in the tree below `root`; None if they do not come to an end."""
    told = root / "outcomes.json"
    told.unlink(missing_ok=True)
    options = ["-p", "tests.mutants.outcomes", "-p", "no:cacheprovider"]
    with (root / "pytest.log").open("wb") as log:
        pytest = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=root,
            env=_environment(root) | {"OUTCOMES": str(told)},
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
    if not told.exists():
        return [
            Outcome("pytest", "run", passed=False, behaved=False, why=(root / "pytest.log").read_text()[-2000:])
        ]
    return [Outcome(**one) for one in json.loads(told.read_text())]


def killed(root: Path, mutant: Mutant) -> Verdict:
    """Let the mutant live in the tree below `root` and see whether its tests kill it."""
    began = monotonic()
    with mutant.alive(root):
        outcomes = run(root, mutant.killed_by)
    reason = _survival(outcomes, mutant.killed_by)
    return Verdict(killed=not reason, reason=reason, seconds=monotonic() - began)


def unsound(root: Path, tests: Sequence[str]) -> list[str]:
    """What is wrong with these tests while no guard is missing; nothing should be."""
    outcomes = run(root, tests)
    if outcomes is None:
        return ["the tests do not come to an end"]
    missing = [f"{test}: not found" for test in tests if not any(one.is_of(test) for one in outcomes)]
    return missing + [str(one) for one in outcomes if not one.passed]


def _survival(outcomes: list[Outcome] | None, tests: Sequence[str]) -> str:
    if outcomes is None:
        return "its tests do not come to an end"
    broken = [one for one in outcomes if not one.behaved and one.when != "teardown"]  # which a failure may cause
    if broken:
        return f"breaks rather than misbehaves: {broken[0]}"
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
    """The copy's sources come before the checkout's, also in the processes that tests start."""
    roots = [root, *(found for pattern in SOURCES for found in sorted(root.glob(pattern)))]
    path = os.pathsep.join(map(str, roots))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
