"""The audit queries about money and ledger: ids, sums and states; and the two repairs."""

from collections.abc import Mapping

from payments.refunding.use_cases import repairing
from payments.work import Work
from shared.audit_changes import Changed
from shared.audit_pages import page
from shared.auth import Caller
from shared.contracts.auditing.views import AuditPage, Repaired
from shared.contracts.payments.audit import (
    AuditAccounts,
    AuditEntries,
    AuditInTransit,
    AuditLines,
    AuditParts,
    AuditPayments,
    AuditPostings,
    AuditRefunds,
    AuditSums,
    AuditUnappliedReceipts,
    RefundUnappliedReceipt,
    RepublishRefund,
)
from shared.entrypoints import answers

# The money kept for each order. Refunds in transit are deducted from the order, but have not been paid yet.
PARTS = """
seen AS (SELECT DISTINCT order_id FROM payment_parts WHERE {which}),
moved AS (
    SELECT order_id, sum(r.amount) AS in_transit
    FROM seen JOIN payment_parts USING (order_id) JOIN refunds r USING (payment_id, order_id)
    WHERE r.state IN ('requested', 'processing') GROUP BY order_id
),
posted AS (
    SELECT order_id, max(posted_at) AS posted_at
    FROM seen JOIN payment_parts USING (order_id) JOIN ledger_postings USING (payment_id) GROUP BY order_id
),
found AS (
    SELECT order_id, count(*) AS payments, sum(p.amount) AS amount, sum(receivable) AS receivable,
        sum(captured) AS captured, sum(refunded) AS refunded, coalesce(in_transit, 0) AS in_transit,
        greatest(max(created_at), posted_at) AS since
    FROM seen JOIN payment_parts p USING (order_id) JOIN payments USING (payment_id)
    LEFT JOIN moved USING (order_id) LEFT JOIN posted USING (order_id) GROUP BY order_id, in_transit, posted_at
)
"""

PAYMENTS = """
seen AS (SELECT payment_id, checkout_id, collection, state, amount, created_at, captured_at FROM payments
    WHERE {which}),
found AS (
    SELECT seen.payment_id, checkout_id, collection, state, seen.amount,
        sum(captured + receivable - refunded) AS kept,
        greatest(created_at, captured_at, (SELECT max(posted_at) FROM ledger_postings l
            WHERE l.payment_id = seen.payment_id)) AS since
    FROM seen LEFT JOIN payment_parts p USING (payment_id)
    GROUP BY seen.payment_id, checkout_id, collection, state, seen.amount, created_at, captured_at
)
"""

# Payments whose parts, captures, refunds and ledger entries differ. One that was refused at once has no parts.
SUMS = """
seen AS (SELECT payment_id, provider, collection, state, amount FROM payments WHERE {which}),
booked AS (
    SELECT payment_id, e.order_id, -sum(e.amount) AS booked
    FROM seen JOIN ledger_postings USING (payment_id) JOIN ledger_entries e USING (posting_id)
    WHERE e.account LIKE 'merchant_payable:%' GROUP BY payment_id, e.order_id
),
gone AS (
    SELECT payment_id, r.order_id, sum(r.amount) AS gone FROM seen JOIN refunds r USING (payment_id)
    WHERE r.state <> 'failed' AND r.tender <> 'receivable' AND r.order_id IS NOT NULL
    GROUP BY payment_id, r.order_id
),
parts AS (
    SELECT payment_id, sum(p.amount) AS parts_amount, sum(captured) AS captured,
        bool_or(refunded <> coalesce(gone, 0)) AS refunds_differ,
        bool_or(receivable + captured - refunded <> coalesce(booked, 0)) AS balance_differs,
        bool_or(refunded > captured OR receivable + captured + written_off > p.amount) AS too_much
    FROM seen JOIN payment_parts p USING (payment_id) LEFT JOIN gone USING (payment_id, order_id)
    LEFT JOIN booked USING (payment_id, order_id) GROUP BY payment_id
),
captures_amount AS (
    SELECT payment_id, sum(c.amount) AS captures_amount, count(*) AS kept_captures
    FROM seen JOIN captures c USING (payment_id) WHERE standing = 'kept' GROUP BY payment_id
),
elsewhere AS (
    SELECT DISTINCT payment_id, true AS other_provider
    FROM seen JOIN ledger_postings USING (payment_id) JOIN ledger_entries e USING (posting_id)
    JOIN ledger_accounts a ON a.name = e.account AND a.currency = e.currency WHERE a.provider <> seen.provider
),
found AS (
    SELECT payment_id, state, amount, parts_amount, captured, captures_amount, kept_captures, refunds_differ,
        balance_differs, too_much, other_provider
    FROM seen LEFT JOIN parts USING (payment_id) LEFT JOIN captures_amount USING (payment_id)
    LEFT JOIN elsewhere USING (payment_id)
    WHERE amount <> coalesce(parts_amount, CASE state WHEN 'failed' THEN amount ELSE 0 END)
        OR refunds_differ OR balance_differs OR too_much OR other_provider
        OR (collection = 'prepaid' AND coalesce(captured, 0) <> coalesce(captures_amount, 0)) OR kept_captures > 1
)
"""

# What was paid for each line of an order, and is refunded. `requested`: refunds that orders requested, no repairs.
LINES = """
seen AS (SELECT DISTINCT order_id FROM payment_parts WHERE {which}),
parts AS (
    SELECT order_id, payment_id, p.amount, created_at
    FROM seen JOIN payment_parts p USING (order_id) JOIN payments USING (payment_id)
),
requested AS (
    SELECT order_id, r.amount, r.reason, r.state, requested_at, r.lines,
        (SELECT sum(CAST(line ->> 'amount' AS bigint)) FROM jsonb_array_elements(r.lines) AS line) AS of_lines
    FROM parts JOIN refunds r USING (payment_id, order_id)
),
refunded AS (
    SELECT order_id, count(*) FILTER (WHERE amount IS DISTINCT FROM of_lines) AS unlisted,
        max(requested_at) AS requested_at
    FROM requested GROUP BY order_id
),
back AS (
    SELECT order_id, CAST(line ->> 'line_id' AS uuid) AS line_id, sum(CAST(line ->> 'amount' AS bigint)) AS of_all,
        sum(CAST(line ->> 'amount' AS bigint)) FILTER (WHERE reason <> 'audit') AS of_orders
    FROM requested CROSS JOIN LATERAL jsonb_array_elements(lines) AS line WHERE state <> 'failed' GROUP BY 1, 2
),
by_line AS (
    SELECT order_id, jsonb_object_agg(line_id, jsonb_build_object('paid', paid, 'refunded', l.refunded,
        'of_refunds', coalesce(of_all, 0), 'requested', coalesce(of_orders, 0))) AS lines
    FROM parts JOIN payment_lines l USING (payment_id, order_id) LEFT JOIN back USING (order_id, line_id)
    GROUP BY order_id
),
found AS (
    SELECT order_id, sum(amount) AS amount, coalesce(unlisted, 0) AS unlisted,
        greatest(max(created_at), requested_at) AS since, coalesce(lines, '{{}}') AS lines
    FROM parts LEFT JOIN refunded USING (order_id) LEFT JOIN by_line USING (order_id)
    GROUP BY order_id, unlisted, requested_at, lines
)
"""

# Money that was received and is not kept, without a refund that is in progress or paid.
UNAPPLIED_RECEIPTS = """
seen AS (SELECT capture_id, payment_id, amount, captured_at FROM captures WHERE standing = 'returned' AND {which}),
found AS (
    SELECT capture_id, seen.payment_id, seen.amount, r.refund_id, r.state, r.amount AS refund_amount
    FROM seen LEFT JOIN refunds r USING (capture_id)
    WHERE r.refund_id IS NULL OR r.state = 'failed' OR r.amount <> seen.amount
)
"""

REFUNDS = """
seen AS (SELECT refund_id, order_id, state, amount, reason, requested_at FROM refunds
    WHERE order_id IS NOT NULL AND {which}),
found AS (
    SELECT refund_id, order_id, state, amount, reason, greatest(requested_at, (SELECT max(posted_at)
        FROM ledger_postings WHERE about = refund_id AND kind IN ('refund_settled', 'refund_assigned',
            'refund_settled_by_hand'))) AS since
    FROM seen
)
"""

# Refunds that have been in progress for too long, or for which no provider call is due.
IN_TRANSIT = """
seen AS (SELECT refund_id, state, amount, requested_at AS since FROM refunds
    WHERE state IN ('requested', 'processing') AND {which}),
found AS (
    SELECT refund_id, seen.state, amount, since, bool_or(due_at IS NOT NULL) AS has_due_call
    FROM seen LEFT JOIN refund_attempts a USING (refund_id)
    LEFT JOIN provider_calls ON key = attempt_id AND kind IN ('refund', 'query_refund')
    GROUP BY refund_id, seen.state, amount, since
    HAVING since < CAST(:requested_before AS timestamptz) OR NOT coalesce(bool_or(due_at IS NOT NULL), false)
)
"""

POSTINGS = """
seen AS (SELECT posting_id, kind, about FROM ledger_postings WHERE {which}),
found AS (
    SELECT posting_id, kind, about, currency, sum(amount) AS off_by
    FROM seen LEFT JOIN ledger_entries USING (posting_id) GROUP BY posting_id, kind, about, currency
    HAVING sum(amount) <> 0 OR count(amount) = 0
)
"""

# Balances as of a posting: the stored balance less later entries, read in one statement and so in one snapshot.
ACCOUNTS = """
seen AS (SELECT DISTINCT name FROM ledger_accounts WHERE {which}),
later AS (
    SELECT account, currency, sum(amount) AS later FROM ledger_entries
    WHERE posting_id > CAST(:until AS uuid) GROUP BY account, currency
),
found AS (
    SELECT name, a.currency, balance - coalesce(later, 0) AS balance
    FROM seen JOIN ledger_accounts a USING (name)
    LEFT JOIN later ON later.account = name AND later.currency = a.currency
)
"""

ENTRIES = """
seen AS (SELECT posting_id FROM ledger_postings WHERE posting_id <= CAST(:until AS uuid) AND {which}),
found AS (
    SELECT CAST(NULL AS uuid) AS posting_id, account, currency, sum(amount) AS amount
    FROM seen JOIN ledger_entries USING (posting_id) GROUP BY account, currency
)
"""


PARTS_OF = "LEFT JOIN payment_parts USING (payment_id)"
CHANGED: Mapping[str, Changed] = {
    "payments": Changed(key="payment_id", shows="payment_id, order_id", joins=PARTS_OF),
    "refunds": Changed(key="refund_id", shows="refund_id, order_id, payment_id, capture_id"),
    "captures": Changed(key="capture_id", shows="capture_id, payment_id"),
    "ledger_postings": Changed(key="posting_id", shows="posting_id, payment_id, order_id", joins=PARTS_OF),
}


class AuditQueries:
    """The auditor's queries and repairs."""

    changed: Mapping[str, Changed] = CHANGED

    @answers(AuditParts)
    def audit_parts(self, work: Work, _caller: Caller, request: AuditParts) -> AuditPage:
        return page(work, PARTS, request, key="order_id")

    @answers(AuditPayments)
    def audit_payments(self, work: Work, _caller: Caller, request: AuditPayments) -> AuditPage:
        return page(work, PAYMENTS, request, key="payment_id")

    @answers(AuditSums)
    def audit_sums(self, work: Work, _caller: Caller, request: AuditSums) -> AuditPage:
        return page(work, SUMS, request, key="payment_id")

    @answers(AuditLines)
    def audit_lines(self, work: Work, _caller: Caller, request: AuditLines) -> AuditPage:
        return page(work, LINES, request, key="order_id")

    @answers(AuditUnappliedReceipts)
    def audit_unapplied_receipts(self, work: Work, _caller: Caller, request: AuditUnappliedReceipts) -> AuditPage:
        return page(work, UNAPPLIED_RECEIPTS, request, key="capture_id")

    @answers(AuditRefunds)
    def audit_refunds(self, work: Work, _caller: Caller, request: AuditRefunds) -> AuditPage:
        return page(work, REFUNDS, request, key="refund_id")

    @answers(AuditInTransit)
    def audit_in_transit(self, work: Work, _caller: Caller, request: AuditInTransit) -> AuditPage:
        return page(work, IN_TRANSIT, request, key="refund_id", requested_before=request.requested_before)

    @answers(AuditPostings)
    def audit_postings(self, work: Work, _caller: Caller, request: AuditPostings) -> AuditPage:
        return page(work, POSTINGS, request, key="posting_id")

    @answers(AuditAccounts)
    def audit_accounts(self, work: Work, _caller: Caller, request: AuditAccounts) -> AuditPage:
        return page(work, ACCOUNTS, request, key="name", until=request.until)

    @answers(AuditEntries)
    def audit_entries(self, work: Work, _caller: Caller, request: AuditEntries) -> AuditPage:
        return page(work, ENTRIES, request, key="posting_id", until=request.until)

    @answers(RefundUnappliedReceipt)
    def refund_unapplied_receipt(self, work: Work, caller: Caller, request: RefundUnappliedReceipt) -> Repaired:
        return repairing.refund_unapplied_receipt(work, caller, request.capture_id)

    @answers(RepublishRefund)
    def republish_refund(self, work: Work, caller: Caller, request: RepublishRefund) -> Repaired:
        return repairing.republish_refund(work, caller, request.refund_id)
