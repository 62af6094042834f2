"""The figures as a picture: ratios beside aim and floor, CPU of a purchase and memory by process."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from bench.report import Figures, aims
from shared.testing.databases import ROOT

WIDTH, LABELS, LINE, TOP = 960, 330, 22, 44
GOOD, FAIR, BAD, PLAIN = "#2f7d4f", "#c28a1e", "#b23a3a", "#4a6a8a"
MOST_SHOWN = 2.0  # times the aim
STYLE = "<style>text{font:13px sans-serif;fill:#222}.head{font-weight:bold}.faint{fill:#777}</style>"


def write(figures: Figures, folder: Path = ROOT / ".run" / "bench") -> Path:
    """Write `bench.svg`, and return its path."""
    file = folder / "bench.svg"
    file.write_text(svg(figures))
    return file


def svg(figures: Figures) -> str:
    """The picture."""
    parts, height = [], 10
    for title, rows in (
        ("Ratios; the lines are the aim and the floor", _ratios(figures)),
        ("CPU of a purchase, ms by process", _bars(figures["cpu_ms_per_purchase"], "ms")),
        ("Memory, MiB by process (PSS)", _bars(figures["rss_mb"], "MiB")),
    ):
        drawn = list(rows)
        parts.append(f'<g transform="translate(0 {height})">{_text(16, 20, title, "head")}{"".join(drawn)}</g>')
        height += TOP + LINE * len(drawn)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}">'
    return f'{head}{STYLE}<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'


def _ratios(figures: Figures) -> Iterable[str]:
    """Each as a share of its aim, so that all have one scale; where lower is better, the aim as a share of it."""
    unit = (WIDTH - LABELS - 90) / MOST_SHOWN
    for at, aim in enumerate(aims(figures)):
        found = aim.read(figures)
        share, floor = found / aim.aim, aim.floor / aim.aim
        if aim.most:
            share, floor = aim.aim / max(found, 1e-9), 1 / floor
        colour = GOOD if aim.reaches(found, aim.aim) else FAIR if aim.reaches(found, aim.floor) else BAD
        marks = _mark(at, LABELS + unit, "#222") + _mark(at, LABELS + unit * floor, "#999")
        yield _row(at, aim.name, unit * min(share, MOST_SHOWN), _shown(found), colour) + marks


def _bars(values: Mapping[str, float], unit: str) -> Iterable[str]:
    most = max(values.values(), default=0) or 1
    for at, (name, value) in enumerate(sorted(values.items(), key=lambda each: -each[1])):
        yield _row(at, name, (WIDTH - LABELS - 90) * value / most, f"{value:g} {unit}", PLAIN)


def _shown(found: float) -> str:
    return f"{found:.0f}" if found >= 100 else f"{found:.3g}"


def _row(at: int, label: str, length: float, value: str, colour: str) -> str:
    y = TOP - 10 + LINE * at
    bar = f'<rect x="{LABELS}" y="{y}" width="{max(length, 1):.1f}" height="{LINE - 6}" fill="{colour}"/>'
    return _text(16, y + 13, label) + bar + _text(LABELS + max(length, 1) + 6, y + 13, value, "faint")


def _mark(at: int, x: float, colour: str) -> str:
    y = TOP - 12 + LINE * at
    return f'<path d="M{x:.1f} {y}v{LINE - 2}" stroke="{colour}" stroke-width="2"/>'


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y}" class="{kind}">{escape(text)}</text>'
