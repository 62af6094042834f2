"""Stock: what catalog counts is what its journal and its reservations say."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Doors, Finding, Json

PERSON = "count the goods, and adjust the stock of the SKU with a reason"


def levels(doors: Doors) -> Iterator[Counted | Finding]:
    """SKUs whose counters are not the sums they should be."""
    for page in doors.pages("catalog.audit_levels", limit=200):
        yield Counted(page["checked"])
        yield from map(_drifted, page["items"])


def _drifted(level: Json) -> Finding:
    wrong = [f"on_hand {level['on_hand']}, its journal says {level['journal']}"] * (
        level["on_hand"] != level["journal"]
    )
    wrong += [f"reserved {level['reserved']}, its open reservations say {level['held']}"] * (
        level["reserved"] != level["held"]
    )
    return Finding(
        check="stock.levels",
        about=f"sku {level['sku_id']}",
        detail="; ".join(wrong) or f"reserved {level['reserved']} of {level['on_hand']}",
        facts=level,
        advice=PERSON,
    )


CHECKS = [
    Check(
        name="stock.levels",
        sentence="on_hand is the sum of the journal, reserved of the open reservations, 0 ≤ reserved ≤ on_hand",
        look=levels,
        by_key=True,
    )
]
