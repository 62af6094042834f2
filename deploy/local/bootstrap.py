"""Runs a module in the project's virtual environment, which is created if necessary.

    python3 -m local.bootstrap [--dev] [MODULE [ARGUMENT ...]]

Standard library only. The environment is created again when its lock file has changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
SOURCES = ("shared", "gateway", "deploy", "services/*")


def main() -> None:
    """Create the environment if needed, then replace this process by `python -m MODULE ARGUMENT ...` in it."""
    dev = sys.argv[1:2] == ["--dev"]
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    _require_python()
    (ROOT / ".run").mkdir(exist_ok=True)
    with (ROOT / ".run" / "venv.lock").open("wb") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        _make_environment(lock)
        _point_to_sources()
    os.environ.pop("PYTHONPATH", None)  # the environment has its own paths
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling everything again would double each start
    module = sys.argv[2 if dev else 1 :]
    if module:
        os.execv(PYTHON, [str(PYTHON), "-m", *module])  # noqa: S606 - so that signals reach it


def _require_python() -> None:
    if sys.version_info >= OLDEST:
        return
    newer = next(filter(None, (shutil.which(f"python3.{minor}") for minor in (13, 12, 11))), None)
    if newer is None:
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    os.execv(newer, [newer, "-m", "local.bootstrap", *sys.argv[1:]])  # noqa: S606


def _make_environment(lock: Path) -> None:
    digest = hashlib.sha256(lock.read_bytes() + bytes(sys.version_info[:2])).hexdigest()
    mark = VENV / f"{lock.name}.installed"
    if PYTHON.exists() and mark.exists() and mark.read_text() == digest:
        return
    print(f"installing Python packages of {lock.name} into .venv", flush=True)
    if not (VENV / "bin" / "pip").exists() or not PYTHON.exists():
        _make_venv()
    _run(str(PYTHON), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check",
         "--require-hashes", "-r", str(lock))  # fmt: skip
    mark.write_text(digest)


def _make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:  # not part of Debian's python3
        from local import packages  # noqa: PLC0415 - needs Python 3.11, which has been checked only now

        try:
            packages.install(f"python3.{sys.version_info.minor}-venv")
        except packages.CannotInstall as reason:
            sys.exit(str(reason))
    _run(sys.executable, "-m", "venv", "--clear", str(VENV))


def _point_to_sources() -> None:
    site = next(VENV.glob("lib/python3.*/site-packages"))
    roots = sorted(root for pattern in SOURCES for root in ROOT.glob(pattern) if root.is_dir())
    (site / "jishi.pth").write_text("".join(f"{root}\n" for root in roots))


def _run(*command: str) -> None:
    environment = os.environ | {"PIP_ROOT_USER_ACTION": "ignore"}
    if subprocess.run(command, check=False, env=environment).returncode != 0:
        sys.exit("could not make the virtual environment; see the reason above")


if __name__ == "__main__":
    main()
