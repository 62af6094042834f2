"""`make monitor`: a private Prometheus for the running system, with the rules of deploy/monitoring.

The same files as in containers; only the list of targets is made for the ports of this machine.
"""

import contextlib
import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local import RUN_DIR, packages
from local.packages import CannotInstall
from local.ports import Ports
from local.waiting import TooLate, wait_until
from shared import manifest
from shared.manifest import Manifest

FILES = Path(__file__).resolve().parents[1] / "monitoring"


def targets(addresses: Mapping[str, str], listed: Manifest | None = None) -> list[dict[str, Any]]:
    """The targets of Prometheus: each process by its name, labelled with its service."""
    services = {process.name: process.service for process in (listed or manifest.get()).processes}
    return [
        {"targets": [address], "labels": {"process": name, "service": services[name] or name}}
        for name, address in addresses.items()
    ]


def targets_in_containers(listed: Manifest) -> list[dict[str, Any]]:
    """The same where each process has a container of its name."""
    return targets({each.name: f"{each.name}:{each.observes}" for each in listed.processes}, listed)


class Prometheus:
    """An instance on loopback with a folder for its files and data.

    `addresses` are those of processes by their names in the manifest; `listed`: another manifest.
    """

    def __init__(
        self, folder: Path, port: int, addresses: Mapping[str, str], listed: Manifest | None = None
    ) -> None:
        self.folder, self.port, self._targets = folder, port, targets(addresses, listed)
        self.program = packages.program("prometheus", "prometheus")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL of its pages."""
        return f"http://127.0.0.1:{self.port}"

    def lay_out(self) -> None:
        """Copy rules and configuration, and write the targets."""
        (self.folder / "rules").mkdir(parents=True, exist_ok=True)
        for rules in (FILES / "rules").glob("*.yml"):
            shutil.copy(rules, self.folder / "rules")
        shutil.copy(FILES / "prometheus.yml", self.folder)
        (self.folder / "targets.json").write_text(json.dumps(self._targets))

    def start(self) -> None:
        """Start it on these files, and return when it answers."""
        with (self.folder / "prometheus.log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log)
        try:
            wait_until(self.answers, f"Prometheus answers (log in {self.folder})", seconds=30)
        except TooLate:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it."""
        if self._process:
            self._process.terminate()
            self._process.wait(20)

    def wait(self) -> None:
        """Return when it has ended."""
        if self._process:
            self._process.wait()

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self._page("/-/ready").status == 200
        return False

    def alerts(self) -> list[dict[str, Any]]:
        """The pending and firing alerts, from its API."""
        return json.loads(self._page("/api/v1/alerts").read())["data"]["alerts"]

    def _page(self, path: str) -> http.client.HTTPResponse:
        peer = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        peer.request("GET", path, headers={"Connection": "close"})
        return peer.getresponse()

    def _command(self) -> list[str]:
        return [
            str(self.program),
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'data'}",
            "--storage.tsdb.retention.time=15d",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--log.level=warn",
        ]


def main() -> None:
    """Run it until Ctrl-C."""
    ports = Ports(RUN_DIR)
    processes = manifest.get().processes
    addresses = {each.name: f"127.0.0.1:{ports.get(each.observe_port)}" for each in processes}
    prometheus = Prometheus(RUN_DIR / "monitoring", ports.free("prometheus"), addresses)
    prometheus.lay_out()
    prometheus.start()
    print(f"Prometheus watches {len(addresses)} processes: {prometheus.url}/alerts\nCtrl-C stops it.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        prometheus.wait()
    prometheus.stop()


if __name__ == "__main__":
    try:
        main()
    except (CannotInstall, TooLate) as reason:
        sys.exit(str(reason))
