"""Audit queries of stock. They return ids, counts and states only."""

from collections.abc import Mapping

from shared.audit_changes import Changed
from shared.audit_pages import page
from shared.auth import Caller
from shared.contracts.auditing.views import AuditPage
from shared.contracts.catalog.audit import AuditClaims, AuditLevels, AuditReservations
from shared.entrypoints import answers
from shared.work import Work

# Stock levels that differ from the sums of journal and reservations. One statement reads one consistent snapshot.
LEVELS = """
seen AS (SELECT sku_id, on_hand, reserved FROM stock WHERE {which}),
summed AS (
    SELECT sku_id, on_hand, reserved,
        (SELECT coalesce(sum(change), 0) FROM stock_journal j WHERE j.sku_id = seen.sku_id)
            + coalesce((SELECT o.on_hand FROM stock_opening o WHERE o.sku_id = seen.sku_id), 0) AS journal,
        (SELECT coalesce(sum(quantity), 0) FROM reservation r WHERE r.sku_id = seen.sku_id AND r.state = 'open')
            AS held
    FROM seen
),
found AS (
    SELECT * FROM summed
    WHERE on_hand <> journal OR reserved <> held OR reserved < 0 OR reserved > on_hand
)
"""

# Claims whose reservations are in another state than the claim, or of which more was restocked than sold.
CLAIMS = """
seen AS (SELECT checkout_id, state, decided_at AS since FROM stock_claim WHERE {which}),
found AS (
    SELECT seen.checkout_id, seen.state, since, json_agg(r.state) AS reservations,
        max(r.restocked - CASE WHEN r.state = 'committed' THEN r.quantity ELSE 0 END) AS excess_restocked
    FROM seen LEFT JOIN reservation r USING (checkout_id) GROUP BY seen.checkout_id, seen.state, since
    HAVING bool_or(r.state <> CASE seen.state WHEN 'reserved' THEN 'open' ELSE seen.state END)
        OR bool_or(r.restocked > CASE WHEN r.state = 'committed' THEN r.quantity ELSE 0 END)
        OR (seen.state IN ('reserved', 'committed') AND count(r.sku_id) = 0)
)
"""

# The lines that each checkout reserved or bought; `sold`: units that left the stock and were not restocked.
CLAIMED = """
seen AS (SELECT checkout_id, state, decided_at AS since FROM stock_claim WHERE {which}),
pieces AS (
    SELECT checkout_id, json_agg(json_build_object('order_id', order_id, 'sku_id', sku_id,
        'sold', CASE WHEN r.state = 'committed' THEN quantity - restocked ELSE 0 END)) AS pieces
    FROM seen JOIN reservation r USING (checkout_id) GROUP BY checkout_id
),
found AS (SELECT seen.*, coalesce(pieces, '[]') AS pieces FROM seen LEFT JOIN pieces USING (checkout_id))
"""


CHANGED: Mapping[str, Changed] = {
    "stock_claim": Changed(
        key="checkout_id", shows="checkout_id, sku_id", joins="LEFT JOIN reservation USING (checkout_id)"
    ),
    "stock_opening": Changed(key="sku_id", shows="sku_id"),
    "stock_journal": Changed(key="position", shows="sku_id", kind="bigint"),
}


class AuditQueries:
    """Audit queries of stock."""

    changed: Mapping[str, Changed] = CHANGED

    @answers(AuditLevels)
    def audit_levels(self, work: Work, _caller: Caller, request: AuditLevels) -> AuditPage:
        return page(work, LEVELS, request, key="sku_id")

    @answers(AuditReservations)
    def audit_reservations(self, work: Work, _caller: Caller, request: AuditReservations) -> AuditPage:
        return page(work, CLAIMS, request, key="checkout_id")

    @answers(AuditClaims)
    def audit_claims(self, work: Work, _caller: Caller, request: AuditClaims) -> AuditPage:
        return page(work, CLAIMED, request, key="checkout_id")
