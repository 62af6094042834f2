"""The README's tour, run as a reader would paste it: the README has to be correct."""

import contextlib
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from local import packages
from shared.testing import eventually

ROOT = Path(__file__).parents[2]
LONGEST = 90  # seconds; the tour takes under ten on a quiet machine


def tour(page):
    """The blocks marked as bash, in order."""
    return re.findall(r"^```bash\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


def walk(code, run_dir, log):
    """Run the code in a bash that stops at the first failure; returns its status when the order's stream ends."""
    with log.open("wb") as out:
        bash = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", code],
            env=os.environ | {"RUN": str(run_dir)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=log.parent,
            start_new_session=True,
        )
    try:
        status = bash.wait(timeout=LONGEST)
        if status == 0:
            eventually(lambda: "live: completed" in log.read_text())
        return status
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(bash.pid, signal.SIGKILL)


@pytest.fixture
def curl():
    """A requirement of the tour; a bare machine has none."""
    packages.program("curl", "curl")


@pytest.mark.usefixtures("curl")
def test_the_tour_of_the_readme_works_when_pasted(shop_system, tmp_path):
    log = tmp_path / "tour.log"
    status = walk("\n".join(tour("README.md")), shop_system.site.run_dir, log)
    shown = [line.strip() for line in log.read_text().splitlines()]
    assert status == 0, "\n".join(shown)
    assert "completed, refunded ¥43.00" in shown  # ¥48.00 less its third of the coupon
    assert "live: completed, refunded ¥43.00" in shown
    assert "balanced" in shown
    assert shown.count("killed: payments") == 2
    assert "confirmed, although payments died twice" in shown
    assert "the saga is done" in shown


def test_both_readmes_lead_through_the_same_tour():
    assert tour("README.zh-CN.md") == tour("README.md")
