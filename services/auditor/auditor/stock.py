"""Stock: catalog's stock levels match its journal and reservations, and those match the checkouts of orders."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Feed, Finding, Json, Queries, Repair, timestamp
from auditor.joined import joined, latest, violations
from shared.contracts.catalog.audit import AuditClaims, AuditLevels, AuditReservations
from shared.contracts.orders.audit import AuditCheckouts, ReleaseOrphan

COUNT_AGAIN = "count the units, and adjust the stock of the SKU with a reason"
COMPARE = "compare the saga's time line of the checkout with catalog's claim, and adjust the stock by hand"
ENDED = {"done", "undone"}
HOLD_NOTHING = {None, "undecided", "refused", "released"}
# The states a claim may have, by the checkout's state and whether its saga has ended; None: there is no claim.
ALLOWED: dict[tuple[str, bool], set[str | None]] = {
    ("placed", False): {*HOLD_NOTHING, "reserved"},
    ("placed", True): set(),
    ("confirmed", False): {"reserved", "committed"},
    ("confirmed", True): {"committed"},
    ("cancelled", False): HOLD_NOTHING,
    ("cancelled", True): HOLD_NOTHING,
}

# The tables that decide what orders reports of a checkout.
OF_CHECKOUTS = tuple(Feed("orders", table, "checkout_id") for table in ("checkout", "orders", "refund", "saga"))
OF_CLAIMS = (Feed("catalog", "stock_claim", "checkout_id"),)


def levels(queries: Queries) -> Iterator[Counted | Finding]:
    """SKUs whose stock level does not match the journal or the open reservations."""
    for one in violations(queries, AuditLevels, limit=200):
        yield one if isinstance(one, Counted) else _drifted(one)


def _drifted(level: Json) -> Finding:
    wrong = [f"reserved {level['reserved']} of {level['on_hand']} on hand"]
    if level["on_hand"] != level["journal"]:
        wrong.append(f"its journal sums to {level['journal']} on hand")
    if level["reserved"] != level["held"]:
        wrong.append(f"its open reservations sum to {level['held']} reserved")
    about = f"sku {level['sku_id']}"
    return Finding(check="stock.levels", about=about, detail="; ".join(wrong), facts=level, advice=COUNT_AGAIN)


def reservations(queries: Queries) -> Iterator[Counted | Finding]:
    """Claims whose reservations are in another state than the claim, or that restocked too much."""
    for one in violations(queries, AuditReservations):
        yield one if isinstance(one, Counted) else _mismatched_reservations(one)


def _mismatched_reservations(claim: Json) -> Finding:
    excess = (claim["excess_restocked"] or 0) > 0
    problem = "more was restocked than was sold" if excess else f"the claim is {claim['state']}"
    states = ", ".join(sorted(filter(None, claim["reservations"]))) or "none"
    return Finding(
        check="stock.reservations",
        about=f"checkout {claim['checkout_id']}",
        detail=f"{problem}, its reservations are {states}",
        facts=claim,
        since=timestamp(claim["since"]),
        advice=COMPARE,
    )


def claims(queries: Queries) -> Iterator[Counted | Finding]:
    """Claims whose state does not match their checkout, or that have no checkout."""
    for checkout, claim in joined(queries, AuditCheckouts, AuditClaims, "checkout_id"):
        yield Counted(1)
        state = claim["state"] if claim else None
        if state not in (ALLOWED[checkout["state"], has_ended(checkout)] if checkout else HOLD_NOTHING):
            yield _mismatched(checkout, claim)


def has_ended(checkout: Json) -> bool:
    """Whether the checkout's saga has ended, or there is none."""
    return checkout["saga"] is None or checkout["saga"] in ENDED


def is_over(checkout: Json | None) -> bool:
    """Whether a checkout can no longer be confirmed: it was cancelled, or does not exist."""
    return checkout is None or (checkout["state"] == "cancelled" and has_ended(checkout))


def _mismatched(checkout: Json | None, claim: Json | None) -> Finding:
    checkout_id = (checkout or claim or {})["checkout_id"]
    where = f"{checkout['state']} (its saga: {checkout['saga']})" if checkout else "unknown to orders"
    held = f"{claim['state']}" if claim else "missing"
    orphan = claim is not None and claim["state"] == "reserved" and is_over(checkout)
    return Finding(
        check="stock.claims",
        about=f"checkout {checkout_id}",
        detail=f"the checkout is {where}, its claim on stock is {held}",
        facts={"checkout": checkout, "claim": claim},
        since=latest(checkout, claim),
        repair=release(checkout_id, "stock") if orphan else None,
        advice=COMPARE,
    )


def release(checkout_id: str, what: str) -> Repair:
    """Have orders send the command again that releases what the checkout holds."""
    request = {"checkout_id": checkout_id, "what": what}
    return Repair(method=ReleaseOrphan.contract.method, request=request, description=f"release its {what}")


def sold(queries: Queries) -> Iterator[Counted | Finding]:
    """Orders for which more or fewer units left the stock than orders sold."""
    for checkout, claim in joined(queries, AuditCheckouts, AuditClaims, "checkout_id"):
        if checkout and claim:
            yield Counted(len(checkout["pieces"]))
            if wrong := _unsold(checkout, claim):
                yield _mismatched_units(checkout, claim, wrong)


def _unsold(checkout: Json, claim: Json) -> list[str]:
    """Differences by order and SKU. Catalog may have restocked `being_restocked` units already."""
    left = {(piece["order_id"], piece["sku_id"]): piece["sold"] for piece in claim["pieces"]}
    bought = {(piece["order_id"], piece["sku_id"]): piece for piece in checkout["pieces"]}
    if checkout["state"] != "confirmed" or claim["state"] != "committed":
        return [f"{n} of sku {sku} left the stock, nothing was sold" for (_, sku), n in left.items() if n]
    wrong = []
    for order_id, sku_id in sorted(left.keys() | bought.keys()):
        gone, piece = left.get((order_id, sku_id), 0), bought.get((order_id, sku_id))
        most = piece["bought"] - piece["restocked"] if piece else 0
        if not most - (piece["being_restocked"] if piece else 0) <= gone <= most:
            wrong.append(f"order {order_id}: {gone} of sku {sku_id} left the stock, {most} were sold")
    return wrong


def _mismatched_units(checkout: Json, claim: Json, wrong: list[str]) -> Finding:
    return Finding(
        check="stock.sold",
        about=f"checkout {checkout['checkout_id']}",
        detail="; ".join(wrong),
        facts={"checkout": checkout, "claim": claim},
        since=latest(checkout, claim),
        advice=COMPARE,
    )


CHECKS = [
    Check(
        name="stock.levels",
        sentence="on_hand is the sum of the journal, reserved of the open reservations, 0 ≤ reserved ≤ on_hand",
        run=levels,
        by_key=True,
        changes=tuple(
            Feed("catalog", table, "sku_id") for table in ("stock_journal", "stock_opening", "stock_claim")
        ),
    ),
    Check(
        name="stock.reservations",
        sentence="the reservations of a claim are in the claim's state, and no more is restocked than was sold",
        run=reservations,
        by_key=True,
        changes=OF_CLAIMS,
    ),
    Check(
        name="stock.claims",
        sentence="stock is reserved for checkouts in progress, committed for confirmed ones, and for no others",
        run=claims,
        by_key=True,
        changes=OF_CHECKOUTS + OF_CLAIMS,
    ),
    Check(
        name="stock.sold",
        sentence="for each order and SKU, the units that left the stock less the restocked ones are those sold",
        run=sold,
        by_key=True,
        changes=OF_CHECKOUTS + OF_CLAIMS,
    ),
]
