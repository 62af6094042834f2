"""Disable one guard after the other and check that its tests fail: `python -m tests.mutants [WORD …]`.

Fails if a mutant survives, if the program cannot run with it, or if its tests fail without it.
"""

import sys
from pathlib import Path

from local.servers import ensure
from tests.mutants import trial
from tests.mutants.listed import MUTANTS
from tests.mutants.mutant import Mutant

ROOT = Path(__file__).resolve().parents[2]


def main(words: list[str]) -> int:
    """Try all mutants, or those with one of these words in their names; returns 0 if each was killed."""
    chosen = [mutant for mutant in MUTANTS if not words or any(word in mutant.name for word in words)]
    servers = ensure(ROOT / ".run" / "test", durable=False)
    try:
        with trial.copied(ROOT) as root:
            return 0 if chosen and _are_sound(root, chosen) and _all_killed(root, chosen) else 1
    finally:
        servers.stop()


def _are_sound(root: Path, chosen: list[Mutant]) -> bool:
    """Whether all guards occur exactly once, and all tests pass without a mutant."""
    for mutant in chosen:
        mutant.mutated(root)
    wrong = trial.unsound(root, sorted({test for mutant in chosen for test in mutant.killed_by}))
    for line in wrong:
        print(f"fails without any mutant: {line}")
    return not wrong


def _all_killed(root: Path, chosen: list[Mutant]) -> bool:
    verdicts = []
    for mutant in chosen:
        verdict = trial.killed(root, mutant)
        verdicts.append(verdict)
        by = ", ".join(test.partition("::")[2] for test in mutant.killed_by)
        result = f"killed by {by}" if verdict.killed else f"NOT KILLED: {verdict.reason}"
        print(f"{mutant.name:<66} {verdict.seconds:>5.1f} s  {result}", flush=True)
    killed, seconds = sum(verdict.killed for verdict in verdicts), sum(verdict.seconds for verdict in verdicts)
    print(f"{killed} of {len(chosen)} mutants killed in {seconds:.0f} s")
    return killed == len(chosen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
