"""The benchmark works: a short run measures everything without errors. How fast it is does not matter here."""

import json
import subprocess
import sys

from bench.report import AIMS, PLAIN
from shared.testing.databases import ROOT

ALSO = ("checkout_to_awaiting_payment_ms", "rss_mb", "cpu_ms_per_purchase", "load_cpu_ms_per_purchase", "errors")


def test_a_short_run_measures_everything_and_the_books_add_up():
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench", "--short"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-5000:]
    figures = json.loads(run.stdout.splitlines()[-1])
    assert all(figures[name] > 0 for name in PLAIN)
    assert set(ALSO) <= figures.keys()
    assert (figures["errors"], figures["audit"]) == ({}, "clean")
    assert figures["hot_sku_sold"] == 10
    assert {"broker", "fsyncs", "messages", "transactions"} <= figures["per_purchase"].keys()
    assert figures["concurrency"]["purchases"] == 8
    assert (figures["filled"]["orders"] >= 1000, figures["filled"]["sent"] >= 5000) == (True, True)
    for aim in AIMS:
        assert aim.name in run.stderr
