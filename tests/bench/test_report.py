"""What the benchmark prints and draws of given figures."""

from copy import deepcopy
from xml.etree import ElementTree as ET

from bench import plot, report

LATENCY = {"alone": {"p99": 90.0}, "half": {"p99": 400.0}}
FIGURES = {
    **dict.fromkeys(report.PLAIN, 100),
    "checkout_to_awaiting_payment_ms": LATENCY,
    "rss_mb": {"orders": 70.0, "gateway": 90.0},
    "rss_mb_total": 160,
    "cpu_ms_per_purchase": {"orders": 5.0, "postgres orders": 2.5},
    "idle_cpu_percent": 3.5,
    "overload_completed": 0.5,
}


def filled():
    """The figures of a run that measured a small and a filled system; purchases became slower."""
    after = FIGURES | {"purchases_per_s": 70, "checkout_to_awaiting_payment_ms": deepcopy(LATENCY)}
    after["checkout_to_awaiting_payment_ms"]["alone"]["p99"] = 180.0
    return after | {"small": FIGURES, "ratio_to_small": report.compared(after, FIGURES)}


def test_a_filled_system_is_compared_with_the_small_one_so_that_below_one_is_slower():
    ratios = filled()["ratio_to_small"]
    assert (ratios["purchases_per_s"], ratios["p99_alone"], ratios["quote_rps"]) == (0.7, 0.5, 1.0)
    assert "pgbench_tps" not in ratios


def test_the_table_says_which_figures_reach_their_aim_and_which_their_floor():
    verdicts = {
        line[:46].strip(): line.split()[-1]
        for line in report.table(filled()).splitlines()
        if line.endswith(("aim", "floor", "missed"))
    }
    assert verdicts["p99 at half of the top rate, ms"] == "floor"
    assert verdicts["CPU at rest, % of a core"] == "floor"
    assert verdicts["completed at 5 times the top rate"] == "missed"
    assert verdicts["purchases_per_s, filled / small"] == "floor"
    assert verdicts["p99_alone, filled / small"] == "missed"
    assert verdicts["quote_rps, filled / small"] == "aim"


def test_the_plot_shows_the_ratios_and_each_process(tmp_path):
    drawn = ET.fromstring(plot.write(FIGURES, tmp_path).read_text())
    texts = {each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {"product_rps / hello_rps", "postgres orders", "5 ms", "gateway", "90 MiB"} <= texts
