"""Pictures for products without one: a mosaic of simple shapes, always the same for the same name."""

import random
from html import escape
from pathlib import Path

SIDE, TILES = 800, 4
TILE = SIDE // TILES
PALETTES = (
    ("#f4ecdf", "#d9683c", "#23395b", "#e9b44c", "#7a9e7e"),
    ("#f3f0ea", "#1f4e5f", "#79a8a9", "#f4a261", "#c8553d"),
    ("#faf3e7", "#5b5f97", "#b8b8d1", "#ff6b6c", "#ffc145"),
    ("#eef1e6", "#386641", "#6a994e", "#bc4749", "#e4c590"),
    ("#f7ede2", "#84a59d", "#f28482", "#3d405b", "#f6bd60"),
    ("#f1ede4", "#2b2d42", "#8d99ae", "#d90429", "#c9ada7"),
)
TEXT_STYLE = (
    'text-anchor="middle" fill="#2b2b2b" font-size="34" '
    "font-family=\"'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif\""
)
# Drawn in a tile of 1 × 1, rotated by quarters.
SHAPES = (
    '<path d="M0 0H1A1 1 0 0 1 0 1Z"/>',
    '<path d="M0 0H1V1Z"/>',
    '<circle cx=".5" cy=".5" r=".36"/>',
    '<path d="M0 .5A.5 .5 0 0 1 1 .5Z"/>',
    '<path d="M0 0H1V.5H0Z"/>',
    '<path d="M.5 0A.5 .5 0 0 1 1 .5 .5 .5 0 0 1 .5 1 .5 .5 0 0 1 0 .5V0Z"/>',
)


def picture(name: str, caption: str) -> str:
    """An SVG image for a file name, with the caption below."""
    dice = random.Random(name)
    paper, *inks = dice.choice(PALETTES)
    tiles = "".join(_tile(dice, inks, x, y) for y in range(TILES) for x in range(TILES))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" role="img">'
        f"<title>{escape(caption)}</title>"
        f'<rect width="{SIDE}" height="{SIDE}" fill="{paper}"/>{tiles}{_label(caption, paper)}</svg>\n'
    )


def draw(folder: Path, captions: dict[str, str]) -> None:
    """Draw the pictures that are missing in the folder; `captions` by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, caption in captions.items():
        if not (folder / name).exists():
            (folder / name).write_text(picture(name, caption), encoding="utf-8")


def _tile(dice: random.Random, inks: list[str], x: int, y: int) -> str:
    ground, ink = dice.sample([*inks, "none"], 2)
    if ink == "none":
        ground, ink = ink, ground
    place = f"translate({x * TILE} {y * TILE}) scale({TILE}) rotate({90 * dice.randrange(4)} .5 .5)"
    shape = f'<g fill="{ink}">{dice.choice(SHAPES)}</g>'
    return f'<g transform="{place}"><path fill="{ground}" d="M0 0H1V1H0Z"/>{shape}</g>'


def _label(caption: str, paper: str) -> str:
    return (
        f'<rect y="{SIDE - 96}" width="{SIDE}" height="96" fill="{paper}"/>'
        f'<text x="{SIDE // 2}" y="{SIDE - 37}" {TEXT_STYLE}>{escape(caption)}</text>'
    )
