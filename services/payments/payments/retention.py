"""What keeps the tables of payments bounded."""

from datetime import timedelta

from shared import retained
from shared.provider_calls import retention as calls
from shared.retention import Kept, Purge, Rules

BOOKS = "books are kept for as long as the law says and are only appended to"
MONEY = "the record of money that came and went; it stays with the books"

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
    "unidentified": Kept("money that fits nothing is booked, and stays with the books"),
    "provider_notifications": Purge(
        table="provider_notifications",
        since="received_at",
        keep=timedelta(days=400),
        setting="KEEP_PROVIDER_REPORTS_DAYS",
        which="judge_at IS NULL",
        why="Longer than a payment can be refunded or disputed; one that waits to be judged stays.",
    ),
    "unanswered_commands": Kept("one for each command under way; removed when it is answered"),
    "ledger_accounts": Kept("a few for each shop"),
    "ledger_postings": Kept(BOOKS),
    "ledger_entries": Kept(BOOKS),
}
