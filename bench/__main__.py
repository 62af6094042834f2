"""`make bench`: how fast the system is on this machine, as ratios to what PostgreSQL and an empty route do there.

    python -m bench [--short]

Starts a system of its own with durable servers, measures, audits, prints a table, and writes a plot. The last
line of standard output is a JSON object with all figures; everything else goes to standard error.
"""

import argparse
import json
import sys
import time
from functools import partial

from bench import report
from bench.ground import ground
from bench.measures import Meter
from bench.phases import Bench, Figures, Phase, write

SHORT_SIZE = {"products": 60, "accounts": 8}
SHORT_LOAD = {"seconds": 1, "buyers": 40}


def measure(bench: Bench) -> Figures:
    """All parts, in order."""
    figures: Figures = {}
    run = partial(_run, figures)
    run("machine", bench.pgbench)
    run("empty route", bench.hello)
    run("reads", bench.reads)
    run("quotes", bench.quotes)
    run("purchases", bench.purchases)
    run("latency", lambda: bench.latency(figures["purchases_per_s"]))
    run("cash on delivery", bench.cash)
    run("one SKU", bench.hot_sku)
    run("events", bench.events)
    run("refunds", bench.refunds)
    run("overload", lambda: bench.overload(figures["purchases_per_s"]))
    run("settled, audited", bench.audit)
    run("idle", bench.idle)
    return figures | {"errors": bench.errors, "seconds_each": bench.seconds}


def _run(figures: Figures, name: str, phase: Phase) -> None:
    began = time.monotonic()
    found = phase()
    figures |= found
    figures.setdefault("took_s", {})[name] = round(time.monotonic() - began, 1)
    print(f"{name}: {json.dumps(found, ensure_ascii=False)}", file=sys.stderr, flush=True)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench")
    options.add_argument("--short", action="store_true", help="a minute: shows only that the benchmark works")
    short = options.parse_args().short
    size, load = (SHORT_SIZE, SHORT_LOAD) if short else ({}, {"seconds": 10})
    with ground(**size) as made:
        figures = measure(Bench(made, Meter(made.up, made.servers), **load))
    write(figures)
    print(report.table(figures), file=sys.stderr)
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
