"""Generates the code of a SKU for which the shop gave none."""

import json
from collections.abc import Collection
from hashlib import sha256

LONGEST = 255  # characters


def made_code(handle: str, values: tuple[str, ...], taken: Collection[str | None]) -> str:
    """The handle and the option values, `rain-hat/Small`, with a digest of the values where that is not unique.

    It may not be unique if a value contains a slash (`S` with `M/L`, `S/M` with `L`), if it is truncated, or if it
    is `taken` by another SKU of the product.
    """
    plain = "/".join((handle, *values))
    if len(plain) <= LONGEST and plain not in taken and not any("/" in value for value in values):
        return plain
    digest = sha256(json.dumps(values).encode()).hexdigest()[:12]
    return f"{plain[: LONGEST - 13]}~{digest}"
