"""`make bench`: how fast the system is on this machine, as ratios to what PostgreSQL and an empty route do there.

    python -m bench [--short] [--full]

Starts a system of its own with durable servers, measures, audits, prints a table, and writes a plot. The last
line of standard output is a JSON object with all figures; everything else goes to standard error.
`--full`: measures, fills the system with old orders, sent messages and products, and measures again.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial

from bench import fill, plot, report
from bench.ground import ground
from bench.load import SHORT, Load
from bench.phases import Bench, Figures, write

SHORT_PRODUCTS = 60
SHORT_SIZE = fill.Size(orders=1000, sent=5000, products=600)
Phase = Callable[[], Figures]


def measure(bench: Bench, copies: fill.Size | None = None) -> Figures:
    """All parts, in order; with `copies`, the system is filled at the end, so that they are audited, too."""
    figures: Figures = {}
    run = partial(_run, figures)
    run("machine", bench.pgbench)
    run("empty route", bench.hello)
    run("idle", bench.idle)
    _measure_system(bench, figures)
    run("overload", lambda: bench.overload(figures["purchases_per_s"]))
    if copies:
        run("filled", lambda: {"filled": fill.fill(bench.ground, copies)})
    run("settled, audited", bench.audit)
    run("memory", bench.memory)
    return _with_errors(bench, figures)


def measure_full(bench: Bench, size: fill.Size, *, audit_all: bool) -> Figures:
    """The same for a system with much in it; before, what the small system does."""
    figures: Figures = {}
    run = partial(_run, figures)
    run("machine", bench.pgbench)
    run("empty route", bench.hello)
    run("idle", bench.idle)
    run("gateway restarted", bench.ground.restart_gateway)
    small = _measure_system(bench, {})
    run("small system settled, audited", bench.audit)
    run("filled", lambda: {"filled": fill.fill(bench.ground, size)})
    run("filling audited", lambda: bench.audit(full=audit_all))
    run("gateway restarted again", bench.ground.restart_gateway)
    _measure_system(bench, figures)
    run("overload", lambda: bench.overload(figures["purchases_per_s"]))
    run("settled, audited", lambda: bench.audit(full=audit_all))
    run("memory", bench.memory)
    return _with_errors(bench, figures | {"small": small, "ratio_to_small": report.compared(figures, small)})


def _measure_system(bench: Bench, figures: Figures) -> Figures:
    """What may depend on how much there is in the system."""
    run = partial(_run, figures)
    run("reads", bench.reads)
    run("quotes", bench.quotes)
    run("purchases", bench.purchases)
    run("latency", lambda: bench.latency(figures["purchases_per_s"]))
    run("cash on delivery", bench.cash)
    run("one SKU", bench.hot_sku)
    run("events", bench.events)
    run("refunds", bench.refunds)
    return figures


def _run(figures: Figures, name: str, phase: Phase) -> None:
    began = time.monotonic()
    found = phase()
    figures |= found
    figures.setdefault("took_s", {})[name] = round(time.monotonic() - began, 1)
    print(f"{name}: {json.dumps(found, ensure_ascii=False)}", file=sys.stderr, flush=True)


def _with_errors(bench: Bench, figures: Figures) -> Figures:
    seconds, concurrency = bench.load.seconds, bench.load.concurrency()
    more = {"errors": bench.errors, "put_off": bench.put_off, "seconds_each": seconds}
    return figures | more | {"concurrency": concurrency}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench")
    options.add_argument("--short", action="store_true", help="a minute: shows only that the benchmark works")
    options.add_argument("--full", action="store_true", help="also with much in the system, see the module's text")
    given = options.parse_args()
    load, products = (SHORT, SHORT_PRODUCTS) if given.short else (Load(), 1000)
    prepare = fill.make_room if given.full or given.short else None
    with ground(products=products, accounts=load.shoppers, prepare=prepare) as made:
        bench = Bench(made, load)
        if given.full:
            size = SHORT_SIZE if given.short else fill.Size()
            figures = measure_full(bench, size, audit_all=given.short)
        else:
            figures = measure(bench, SHORT_SIZE if given.short else None)
    write(figures)
    print(report.table(figures), file=sys.stderr)
    print(f"plot: {plot.write(figures)}", file=sys.stderr)
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
