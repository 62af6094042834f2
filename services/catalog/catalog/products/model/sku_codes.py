"""The code of a SKU that its shop gave none."""

import json
from collections.abc import Collection
from hashlib import sha256

LONGEST = 255  # characters


def made_code(handle: str, values: tuple[str, ...], taken: Collection[str | None]) -> str:
    """Handle and option values, `rain-hat/Small`; with a mark of the values where that could be another SKU's.

    It could be if a value holds a slash (`S` with `M/L`, `S/M` with `L`), if it has to be cut short, or if it is
    `taken` by another SKU of the product.
    """
    plain = "/".join((handle, *values))
    if len(plain) <= LONGEST and plain not in taken and not any("/" in value for value in values):
        return plain
    mark = sha256(json.dumps(values).encode()).hexdigest()[:12]
    return f"{plain[: LONGEST - 13]}~{mark}"
