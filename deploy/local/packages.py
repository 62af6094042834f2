"""Programs of the operating system: found in Debian's folders, installed when missing.

Installing a server package on Debian starts that server on its standard port, and creates a first database
cluster. Both are prevented during the install, so that only new files are added to the machine.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/lib/rabbitmq/bin",
    "/usr/lib/rabbitmq/lib/*/sbin",
    "/usr/local/sbin",
    "/usr/sbin",
)
ONE_AT_A_TIME = Path("/run/lock/jishi-install")
SERVICES = {"redis-server": "redis-server", "rabbitmq-server": "rabbitmq-server", "postgresql": "postgresql"}
NO_STARTS = ("/usr/sbin/policy-rc.d", "#!/bin/sh\n# nothing starts while jishi installs\nexit 101\n")
NO_CLUSTER = ("/etc/postgresql-common/createcluster.d/jishi.conf", "create_main_cluster = false\n")


class CannotInstall(Exception):
    """A required program is missing and cannot be installed from here. The message says what to do."""


def program(name: str, package: str) -> Path:
    """The path of a program, installing its Debian package if it is not on the machine."""
    return find(name) or _installed(name, package)


def find(name: str) -> Path | None:
    """The path of a program, or None. Debian keeps the newest PostgreSQL outside of PATH, hence the folders."""
    for pattern in FOLDERS:
        hits = sorted(Path("/").glob(pattern.lstrip("/") + "/" + name), key=_version)
        if hits and os.access(hits[-1], os.X_OK):
            return hits[-1]
    on_path = shutil.which(name)
    return Path(on_path) if on_path else None


def install(*packages: str) -> None:
    """Install Debian packages, as root or through sudo. Raises CannotInstall with advice otherwise."""
    if not shutil.which("apt-get"):
        raise CannotInstall(f"please install {', '.join(packages)}: this is automatic only on Debian and Ubuntu")
    if os.geteuid() == 0:
        _install_as_root(packages)
    elif shutil.which("sudo"):
        print(f"installing {', '.join(packages)} (sudo may ask for your password)")
        _run([*_SUDO, sys.executable, "-m", "local.packages", *packages], packages)
    else:
        raise CannotInstall(f"please run as root: apt-get install {' '.join(packages)}")


_SUDO = ["sudo", "env", f"PYTHONPATH={Path(__file__).parents[1]}"]


def _installed(name: str, package: str) -> Path:
    install(package)
    found = find(name)
    if found is None:
        raise CannotInstall(f"{package} is installed, but {name} was not found")
    return found


def _version(path: Path) -> list[int]:
    return [int(part) for part in path.parent.parent.name.replace("-", ".").split(".") if part.isdigit()]


def _install_as_root(packages: tuple[str, ...]) -> None:
    ONE_AT_A_TIME.parent.mkdir(exist_ok=True)
    with ONE_AT_A_TIME.open("w") as lock:  # apt-get waits for others that install, but not for those that update
        fcntl.flock(lock, fcntl.LOCK_EX)
        _update_and_install(packages)


def _update_and_install(packages: tuple[str, ...]) -> None:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "UCF_FORCE_CONFFOLD": "1"}
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"]
    _run([*apt, "update"], packages, env)
    with temporarily(*NO_STARTS, mode=0o755), temporarily(*NO_CLUSTER):
        _run([*apt, "install", "-y", "--no-install-recommends", *packages], packages, env)
    _leave_disabled(packages)


def _leave_disabled(packages: tuple[str, ...]) -> None:
    """Disable them at boot as well, so that the standard ports stay free."""
    services = [SERVICES[package] for package in packages if package in SERVICES]
    if services and Path("/run/systemd/system").is_dir():
        subprocess.run(["systemctl", "disable", *services], check=False, capture_output=True)


def _run(command: list[str], packages: tuple[str, ...], env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    if done.returncode != 0:
        raise CannotInstall(
            f"could not install {', '.join(packages)}: {(done.stderr or done.stdout).strip()[-2000:]}"
        )


@contextlib.contextmanager
def temporarily(path: str, text: str, *, mode: int = 0o644) -> Iterator[None]:
    """Write this text to a file for the length of the block, and restore the previous content after it."""
    file = Path(path)
    before = (file.read_text(), file.stat().st_mode) if file.exists() and file.read_text() != text else None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
    try:
        yield
    finally:
        if before:
            file.write_text(before[0])
            file.chmod(before[1])
        else:
            file.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        install(*sys.argv[1:])
    except CannotInstall as reason:
        sys.exit(str(reason))
