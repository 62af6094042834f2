"""The figures as a table of ratios, beside the aims."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]


@dataclass(frozen=True)
class Aim:
    """A figure with its aim and its floor; `most`: lower is better."""

    name: str
    read: Callable[[Figures], float]
    aim: float
    floor: float
    most: bool = False

    def row(self, figures: Figures) -> str:
        """A line of the table."""
        found = self.read(figures)
        verdict = (
            "aim" if self.reaches(found, self.aim) else "floor" if self.reaches(found, self.floor) else "missed"
        )
        return f"{self.name:<46}{found:>10.3f}{self.aim:>9g}{self.floor:>9g}  {verdict}"

    def reaches(self, found: float, bar: float) -> bool:
        """Whether the figure is as good as this."""
        return found <= bar if self.most else found >= bar


def ratio(above: str, below: str) -> Callable[[Figures], float]:
    """One figure divided by another of the same run."""
    return lambda figures: float(figures[above] / figures[below])


def p99(which: str) -> Callable[[Figures], float]:
    return lambda figures: float(figures["checkout_to_awaiting_payment_ms"][which].get("p99", 1e9))


AIMS = (
    Aim("product_rps / hello_rps", ratio("product_rps", "hello_rps"), 0.5, 0.35),
    Aim("browse_rps / hello_rps", ratio("browse_rps", "hello_rps"), 0.4, 0.3),
    Aim("purchases_per_s / pgbench_tps", ratio("purchases_per_s", "pgbench_tps"), 0.05, 0.016),
    Aim("cod_checkouts_per_s / pgbench_tps", ratio("cod_checkouts_per_s", "pgbench_tps"), 0.08, 0.03),
    Aim("hot_sku_per_s / pgbench_tps", ratio("hot_sku_per_s", "pgbench_tps"), 0.3, 0.1),
    Aim("events_per_s / pgbench_tps", ratio("events_per_s", "pgbench_tps"), 1.0, 0.6),
    Aim("p99 check-out to awaiting payment, alone, ms", p99("alone"), 100, 150, most=True),
    Aim("p99 at half of the top rate, ms", p99("half"), 300, 500, most=True),
    Aim("memory of our processes, MiB", lambda f: float(f["rss_mb_total"]), 1024, 1024, most=True),
    Aim("CPU at rest, % of a core", lambda f: float(f["idle_cpu_percent"]), 3, 4, most=True),
    Aim("completed at 5 times the top rate", lambda f: float(f["overload_completed"]), 0.8, 0.6),
)
PLAIN = ("pgbench_tps", "hello_rps", "browse_rps", "product_rps", "product_cold_rps", "search_rps", "quote_rps",
         "purchases_per_s", "cod_checkouts_per_s", "hot_sku_per_s", "events_per_s", "refunds_per_s")  # fmt: skip
OF_MACHINE = ("pgbench_tps", "hello_rps")


def aims(figures: Figures) -> list[Aim]:
    """The aims of this run: with much in the system, each figure should be what it is with little."""
    much = [
        Aim(f"{name}, filled / small", lambda f, name=name: float(f["ratio_to_small"][name]), 0.8, 0.65)
        for name in figures.get("ratio_to_small", ())
    ]
    return [*AIMS, *much]


def compared(figures: Figures, small: Figures) -> dict[str, float]:
    """How fast the filled system is compared with the small one: 1 is as fast, 0.8 a fifth slower."""
    rates = {name: figures[name] / small[name] for name in PLAIN if name not in OF_MACHINE and small[name]}
    times = {f"p99_{each}": p99(each)(small) / p99(each)(figures) for each in ("alone", "half")}
    return {name: round(found, 3) for name, found in {**rates, **times}.items()}


def table(figures: Figures) -> str:
    """The figures, then the ratios beside aim and floor."""
    plain = [f"{name:<46}{figures[name]:>10}{_before(figures, name)}" for name in PLAIN]
    head = f"{'':<46}{'found':>10}{'aim':>9}{'floor':>9}"
    return "\n".join(["", *plain, "", head, *(aim.row(figures) for aim in aims(figures))])


def _before(figures: Figures, name: str) -> str:
    found = figures.get("small", {}).get(name)
    return "" if found is None else f"   (small: {found})"
