"""Chaos from the command line: python -m tests.chaos [--seconds 300] [--seed N] [--runs N] [--rate N]"""

import argparse
import asyncio
import secrets
import signal
import sys

from tests.chaos import report
from tests.chaos.run import RATE, run


def main() -> int:
    requested = _arguments()
    results = []
    for number in range(requested.runs):
        seed = secrets.randbelow(1_000_000) if requested.seed is None else requested.seed + number
        results.append(
            asyncio.run(_interruptible(run(seed, requested.seconds, rate=requested.rate, output=_output)))
        )
        _output(report.summary(results[-1]))
    if requested.runs > 1:
        _output(report.table(results))
    return 1 if any(found.violations or found.too_slow for found in results) else 0


def _output(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def _interruptible(running):
    """Let SIGTERM end the run like Ctrl-C: everything is cleaned up."""
    task = asyncio.ensure_future(running)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await task


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="duration of the faults (default: %(default)s)")
    parser.add_argument(
        "--seed", type=int, help="the seed of the run; further runs use the following numbers (default: random)"
    )
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=RATE, help="scenarios a second (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except asyncio.CancelledError:
        sys.exit("interrupted; everything is stopped")
