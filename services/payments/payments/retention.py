"""How long the rows of payments are kept."""

from datetime import timedelta

from shared import retained
from shared.provider_calls import retention as calls
from shared.retention import Kept, Purge, Rules

LEDGER = "the ledger is append-only and is kept as long as the law requires"
MONEY = "the record of money that moved; it is kept with the ledger"

RULES: Rules = {
    **retained.EVERYWHERE,
    **calls.RULES,
    **retained.ERASURES,
    "payments": Kept(MONEY),
    "payment_parts": Kept(MONEY),
    "payment_lines": Kept(MONEY),
    "attempts": Kept(MONEY),
    "captures": Kept(MONEY),
    "refunds": Kept(MONEY),
    "refund_attempts": Kept(MONEY),
    "manual_settlements": Kept(MONEY),
    "unidentified": Kept("it is posted, and kept with the ledger"),
    "provider_notifications": Purge(
        table="provider_notifications",
        since="received_at",
        keep=timedelta(days=400),
        setting="KEEP_PROVIDER_NOTIFICATIONS_DAYS",
        which="process_at IS NULL",
        why="Longer than a payment can be refunded or disputed; unprocessed ones are kept.",
    ),
    "unanswered_commands": Kept("one for each command without a reply yet; deleted with the reply"),
    "ledger_accounts": Kept("a few for each shop"),
    "ledger_postings": Kept(LEDGER),
    "ledger_entries": Kept(LEDGER),
}
