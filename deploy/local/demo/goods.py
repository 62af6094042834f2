"""The products of the demo: a Shopify product CSV for each shop (`docs/goods.md` describes the columns)."""

import csv
import io
from collections.abc import Container
from pathlib import Path

FOLDER = Path(__file__).parent / "goods"
MEDIA = "/media/"


def rows(shop: str) -> list[dict[str, str]]:
    """The rows of the shop's file: a product's first row has its title, further ones variants and pictures."""
    with (FOLDER / f"{shop}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def file_without(shop: str, handles: Container[str]) -> bytes | None:
    """The shop's file without these products; None if no product remains."""
    wanted = [row for row in rows(shop) if row["Handle"] not in handles]
    if not wanted:
        return None
    file = io.StringIO()
    written = csv.DictWriter(file, wanted[0])
    written.writeheader()
    written.writerows(wanted)
    return file.getvalue().encode()


def picture_names() -> list[str]:
    """The files of all pictures of products and variants, each once."""
    shops = sorted(file.stem for file in FOLDER.glob("*.csv"))
    named = (row[column] for shop in shops for row in rows(shop) for column in ("Image Src", "Variant Image"))
    return sorted({address.removeprefix(MEDIA) for address in named if address})
