"""What other modules of payments may import."""

from payments.ledger.model import (
    BANK,
    CASH,
    LOSSES,
    RECEIVABLE,
    UNAPPLIED_RECEIPTS,
    UNIDENTIFIED_RECEIPTS,
    UNIDENTIFIED_REFUNDS,
    Account,
    Entry,
    Posting,
    PostingKind,
    Tender,
    merchant_payable,
    paid_by,
    provider_clearing,
    refunds_in_transit,
    transfer,
)
from payments.ledger.views import entry as entry_view

__all__ = [
    "BANK",
    "CASH",
    "LOSSES",
    "RECEIVABLE",
    "UNAPPLIED_RECEIPTS",
    "UNIDENTIFIED_RECEIPTS",
    "UNIDENTIFIED_REFUNDS",
    "Account",
    "Entry",
    "Posting",
    "PostingKind",
    "Tender",
    "entry_view",
    "merchant_payable",
    "paid_by",
    "provider_clearing",
    "refunds_in_transit",
    "transfer",
]
