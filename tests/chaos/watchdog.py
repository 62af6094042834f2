"""Stops the servers of a run whose process was killed: python -m tests.chaos.watchdog RUN_DIR

It reads from the process that started it; the end of the input without a message means that this process has died.
"""

import contextlib
import os
import signal
import sys
from pathlib import Path

from local import servers
from tests.chaos.servers import signal_all


def main(run_dir: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.stdin.read() or not (run_dir / "ports.json").exists():
        return
    for file in run_dir.glob("logs/*.pid"):  # the kernel's signal to end does not reach a frozen one
        with contextlib.suppress(OSError, ValueError):
            os.killpg(int(file.read_text()), signal.SIGCONT)
    for server in servers.Servers(run_dir).own():
        with contextlib.suppress(OSError, ValueError):
            signal_all(server, signal.SIGCONT)
    servers.down(run_dir)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
