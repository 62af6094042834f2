"""Audit queries and repairs of orders. They return ids, states, sums and quantities, and no personal data."""

from collections.abc import Mapping

from orders.checkout.use_cases import repairing
from orders.work import Work
from shared.audit_changes import Changed
from shared.audit_pages import page
from shared.auth import Caller
from shared.contracts.auditing.views import AuditPage, Repaired
from shared.contracts.orders.audit import (
    AuditCheckouts,
    AuditLines,
    AuditOrders,
    AuditPaid,
    AuditRefunds,
    AuditSums,
    RefundCancelled,
    ReleaseOrphan,
)
from shared.entrypoints import answers

# A checkout with the quantity of each SKU in its orders, and how many units are restocked or, while a saga runs,
# may be (`being_restocked`). They are once the saga has ended, however long the payment of the refund takes.
CHECKOUTS = """
seen AS (SELECT checkout_id, payment_id, state, benefits, created_at FROM checkout WHERE {which}),
placed AS (
    SELECT checkout_id, count(*) AS orders, count(*) FILTER (WHERE o.state = 'cancelled') AS cancelled,
        max(o.updated_at) AS moved_at,
        bool_or(EXISTS (SELECT FROM saga s WHERE s.name = 'orders.cancel_order'
            AND s.business_key = o.order_id::text AND s.status NOT IN ('done', 'undone'))) AS cancelling
    FROM seen JOIN orders o USING (checkout_id) GROUP BY checkout_id
),
bought AS (
    SELECT checkout_id, o.order_id, l.sku_id, sum(l.quantity) AS bought
    FROM seen JOIN orders o USING (checkout_id) JOIN order_line l USING (order_id) GROUP BY 1, 2, 3
),
returned AS (
    SELECT o.order_id, CAST(line ->> 'sku_id' AS uuid) AS sku_id,
        sum(CAST(line ->> 'unsent' AS int)) FILTER (WHERE r.state = 'refunded' OR done) AS restocked,
        sum(CAST(line ->> 'unsent' AS int)) FILTER (WHERE r.state = 'running' AND NOT done) AS being_restocked
    FROM seen JOIN orders o USING (checkout_id) JOIN refund r USING (order_id)
    CROSS JOIN LATERAL (SELECT r.state = 'running' AND EXISTS (SELECT FROM saga s WHERE s.status = 'done' AND
        (s.name, s.business_key) IN (('orders.cancel_order', order_id::text), ('orders.refund', refund_id::text))
    ) AS done) AS given
    CROSS JOIN LATERAL jsonb_array_elements(r.lines) AS line GROUP BY 1, 2
),
pieces AS (
    SELECT checkout_id, json_agg(json_build_object('order_id', order_id, 'sku_id', sku_id, 'bought', bought,
        'restocked', coalesce(restocked, 0), 'being_restocked', coalesce(being_restocked, 0))) AS pieces
    FROM bought LEFT JOIN returned USING (order_id, sku_id) GROUP BY checkout_id
),
found AS (
    SELECT seen.checkout_id, seen.payment_id, seen.state, seen.benefits, orders, cancelled, cancelling,
        s.status AS saga, greatest(seen.created_at, moved_at, s.updated_at) AS since,
        coalesce(pieces, '[]') AS pieces
    FROM seen LEFT JOIN placed USING (checkout_id) LEFT JOIN pieces USING (checkout_id)
    LEFT JOIN saga s ON s.name = 'orders.checkout' AND s.business_key = seen.checkout_id::text
)
"""

PAID = """
seen AS (SELECT payment_id, checkout_id, state, method, total, created_at FROM checkout WHERE {which}),
found AS (
    SELECT seen.payment_id, checkout_id, seen.state, method, seen.total, sum(o.total) AS of_orders,
        s.status AS saga, greatest(created_at, max(o.updated_at), s.updated_at) AS since
    FROM seen LEFT JOIN orders o USING (checkout_id)
    LEFT JOIN saga s ON s.name = 'orders.checkout' AND s.business_key = checkout_id::text
    GROUP BY seen.payment_id, checkout_id, seen.state, method, seen.total, created_at, s.status, s.updated_at
)
"""

ORDERS = """
seen AS (SELECT order_id, payment_id, state, total, refunded, updated_at FROM orders WHERE {which}),
requested AS (
    SELECT order_id, sum(amount) FILTER (WHERE r.state = 'running') AS running,
        max(coalesce(r.decided_at, r.requested_at)) AS moved_at
    FROM seen JOIN refund r USING (order_id) GROUP BY order_id
),
found AS (
    SELECT order_id, payment_id, state, total, refunded, coalesce(running, 0) AS running,
        greatest(updated_at, moved_at) AS since
    FROM seen LEFT JOIN requested USING (order_id)
)
"""

# `being_requested`: a saga has not sent the command to payments yet, or has no reply to it yet.
REFUNDS = """
seen AS (SELECT refund_id, order_id, state, amount, coalesce(decided_at, requested_at) AS since FROM refund
    WHERE {which}),
found AS (
    SELECT refund_id, order_id, seen.state, amount, o.state AS order_state, since,
        EXISTS (SELECT FROM saga s WHERE s.status NOT IN ('done', 'undone')
            AND coalesce(s.step, 'open') IN ('open', 'claim', 'refund_payment') AND (s.name, s.business_key)
                IN (('orders.cancel_order', order_id::text), ('orders.refund', refund_id::text)))
            AS being_requested
    FROM seen JOIN orders o USING (order_id)
)
"""

# Orders whose own sums do not agree.
SUMS = """
seen AS (SELECT order_id, state, goods, discount, refunded, updated_at AS since FROM orders WHERE {which}),
lines AS (
    SELECT order_id, line_id, quantity, paid, claimed_quantity, claimed_amount
    FROM seen JOIN order_line USING (order_id)
),
requested AS (
    SELECT r.order_id, CAST(line ->> 'line_id' AS uuid) AS line_id,
        sum(CAST(line ->> 'quantity' AS int)) AS quantity,
        sum(CAST(line #>> '{{amount,amount}}' AS bigint)) AS amount,
        sum(CAST(line ->> 'unsent' AS int)) FILTER (WHERE r.state <> 'requested') AS unsent
    FROM seen JOIN refund r USING (order_id) CROSS JOIN LATERAL jsonb_array_elements(r.lines) AS line
    WHERE r.state IN ('requested', 'running', 'refunded') GROUP BY 1, 2
),
sent AS (
    SELECT p.order_id, CAST(line.key AS uuid) AS line_id, sum(CAST(line.value AS int)) AS sent
    FROM seen JOIN parcel p USING (order_id) CROSS JOIN LATERAL jsonb_each_text(p.lines) AS line GROUP BY 1, 2
),
by_line AS (
    SELECT l.order_id, sum(l.paid) AS paid,
        bool_or(l.claimed_quantity <> coalesce(a.quantity, 0) OR l.claimed_amount <> coalesce(a.amount, 0))
            AS quantities_differ,
        bool_or(coalesce(s.sent, 0) + coalesce(a.unsent, 0) > l.quantity) AS shipped_and_restocked
    FROM lines l LEFT JOIN requested a USING (order_id, line_id) LEFT JOIN sent s USING (order_id, line_id)
    GROUP BY l.order_id
),
refunds_amount AS (SELECT order_id, sum(amount) AS refunds_amount FROM seen JOIN refund r USING (order_id)
    WHERE r.state = 'refunded' GROUP BY order_id),
expected AS (
    SELECT order_id, NULL AS refund_id, NULL AS final_status FROM seen WHERE state = 'cancelling'
    UNION ALL SELECT order_id, refund_id::text, 'done' FROM seen JOIN refund r USING (order_id)
    WHERE r.state = 'running'
),
without_saga AS (
    SELECT order_id FROM expected WHERE NOT EXISTS (
        SELECT FROM saga s WHERE (s.status NOT IN ('done', 'undone') OR s.status = final_status)
        AND (s.name, s.business_key) IN (('orders.cancel_order', order_id::text), ('orders.refund', refund_id)))
),
found AS (
    SELECT seen.order_id, seen.state, seen.since, goods - discount AS priced, paid, refunded,
        coalesce(refunds_amount, 0) AS refunds_amount, quantities_differ, shipped_and_restocked,
        order_id IN (SELECT order_id FROM without_saga) AS without_saga
    FROM seen LEFT JOIN by_line USING (order_id) LEFT JOIN refunds_amount USING (order_id)
    WHERE goods - discount IS DISTINCT FROM paid OR refunded <> coalesce(refunds_amount, 0)
        OR quantities_differ OR shipped_and_restocked OR order_id IN (SELECT order_id FROM without_saga)
)
"""

# What refunds pay of each line of an order, with shipping; `counted`: the refunded amount stored on the line.
LINES = """
seen AS (SELECT order_id, shipping, updated_at FROM orders WHERE {which}),
requested AS (
    SELECT order_id, r.state, r.amount, by_line, coalesce(decided_at, requested_at) AS moved_at,
        (SELECT sum(CAST(line #>> '{{amount,amount}}' AS bigint)) FROM jsonb_array_elements(by_line) AS line)
            AS of_lines
    FROM seen JOIN refund r USING (order_id) WHERE r.state IN ('running', 'refunded')
),
refunded AS (
    SELECT order_id, count(*) FILTER (WHERE amount <> coalesce(of_lines, 0)) AS unlisted, max(moved_at) AS moved_at
    FROM requested GROUP BY order_id
),
back AS (
    SELECT order_id, CAST(line ->> 'line_id' AS uuid) AS line_id,
        sum(CAST(line #>> '{{amount,amount}}' AS bigint)) FILTER (WHERE state = 'refunded') AS refunded,
        sum(CAST(line #>> '{{amount,amount}}' AS bigint)) FILTER (WHERE state = 'running') AS running
    FROM requested CROSS JOIN LATERAL jsonb_array_elements(by_line) AS line GROUP BY 1, 2
),
goods AS (SELECT order_id, line_id, paid, refunded_amount FROM seen JOIN order_line USING (order_id)),
by_line AS (
    SELECT order_id, json_object_agg(line_id, json_build_object('paid', coalesce(paid, shipping),
        'refunded', coalesce(refunded, 0), 'running', coalesce(running, 0),
        'counted', coalesce(refunded_amount, refunded, 0))) AS lines
    FROM goods FULL JOIN back USING (order_id, line_id) JOIN seen USING (order_id) GROUP BY order_id
),
found AS (
    SELECT order_id, coalesce(unlisted, 0) AS unlisted, greatest(updated_at, moved_at) AS since, lines
    FROM seen LEFT JOIN refunded USING (order_id) LEFT JOIN by_line USING (order_id)
)
"""

# The business key of a saga is the id of its checkout, refund or order.
SAGA = """
LEFT JOIN checkout paid ON name = 'orders.checkout' AND paid.checkout_id = CAST(
    CASE name WHEN 'orders.checkout' THEN business_key END AS uuid)
LEFT JOIN refund requested ON name = 'orders.refund' AND requested.refund_id = CAST(
    CASE name WHEN 'orders.refund' THEN business_key END AS uuid)
LEFT JOIN orders sold ON sold.order_id = coalesce(requested.order_id, CAST(
    CASE name WHEN 'orders.cancel_order' THEN business_key END AS uuid))
LEFT JOIN refund given ON given.order_id = sold.order_id
"""
CHANGED: Mapping[str, Changed] = {
    "checkout": Changed(key="checkout_id", shows="checkout_id, payment_id"),
    "orders": Changed(
        key="order_id",
        shows="order_id, checkout_id, payment_id, refund_id",
        joins="LEFT JOIN refund USING (order_id)",
    ),
    "refund": Changed(
        key="refund_id", shows="refund_id, order_id, sold.checkout_id", joins="JOIN orders sold USING (order_id)"
    ),
    "saga": Changed(
        key="saga_id",
        shows="coalesce(paid.checkout_id, sold.checkout_id) AS checkout_id,"
        " coalesce(paid.payment_id, sold.payment_id) AS payment_id, sold.order_id, given.refund_id",
        joins=SAGA,
    ),
}


class AuditQueries:
    """The audit queries and repairs of orders."""

    changed: Mapping[str, Changed] = CHANGED

    @answers(AuditCheckouts)
    def audit_checkouts(self, work: Work, _caller: Caller, request: AuditCheckouts) -> AuditPage:
        return page(work, CHECKOUTS, request, key="checkout_id")

    @answers(AuditPaid)
    def audit_paid(self, work: Work, _caller: Caller, request: AuditPaid) -> AuditPage:
        return page(work, PAID, request, key="payment_id")

    @answers(AuditOrders)
    def audit_orders(self, work: Work, _caller: Caller, request: AuditOrders) -> AuditPage:
        return page(work, ORDERS, request, key="order_id")

    @answers(AuditRefunds)
    def audit_refunds(self, work: Work, _caller: Caller, request: AuditRefunds) -> AuditPage:
        return page(work, REFUNDS, request, key="refund_id")

    @answers(AuditLines)
    def audit_lines(self, work: Work, _caller: Caller, request: AuditLines) -> AuditPage:
        return page(work, LINES, request, key="order_id")

    @answers(AuditSums)
    def audit_sums(self, work: Work, _caller: Caller, request: AuditSums) -> AuditPage:
        return page(work, SUMS, request, key="order_id")

    @answers(ReleaseOrphan)
    def release_orphan(self, work: Work, caller: Caller, request: ReleaseOrphan) -> Repaired:
        return repairing.release(work, caller, request.checkout_id, request.what)

    @answers(RefundCancelled)
    def refund_cancelled(self, work: Work, caller: Caller, request: RefundCancelled) -> Repaired:
        return repairing.refund(work, caller, request.checkout_id)
