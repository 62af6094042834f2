"""The pictures of the products: drawings, parts of them, and drawings in other colours (`pictures/views.toml`)."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "pictures"
WHOLE = 'viewBox="0 0 800 800"'
MOSAIC = f'{WHOLE} role="img"'  # in the pictures of earlier versions, which had no drawings
COLOUR = re.compile("#[0-9a-f]{6}")


def draw(folder: Path, names: Iterable[str]) -> None:
    """Write the pictures that are missing in the folder, or are still mosaics of an earlier version."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        file = folder / name
        if not file.exists() or MOSAIC in file.read_text(encoding="utf-8", errors="replace"):
            file.write_text(picture(name), encoding="utf-8")


def picture(name: str) -> str:
    """The SVG of `<product>-<number>.svg`, or of `<product>-<colours>.svg`."""
    handle, _, which = name.removesuffix(".svg").rpartition("-")
    product = _views()["products"].get(handle, {})
    drawing = product.get("drawing", handle)
    colours = product.get("colours") if which.isdigit() else which
    drawn = _coloured(drawing, colours) if colours else _drawing(drawing)
    return drawn if which in ("1", colours) else _cut(drawn, product["parts"][int(which) - 2])


def _coloured(drawing: str, colours: str) -> str:
    """The drawing with the colours of a table replaced; colours that it does not name remain."""
    pairs = (pair.split(">") for pair in _views()["colours"][drawing][colours].split())
    instead = {f"#{old}": f"#{new}" for old, new in pairs}
    return COLOUR.sub(lambda found: instead.get(found[0], found[0]), _drawing(drawing))


def _cut(drawn: str, part: str) -> str:
    """A square part of the drawing, as large as the whole: `left top side`."""
    left, top, side = part.split()
    return drawn.replace(WHOLE, f'viewBox="{left} {top} {side} {side}"', 1)


def _drawing(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _views() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "views.toml").read_text(encoding="utf-8"))
