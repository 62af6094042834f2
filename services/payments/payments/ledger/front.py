"""What other modules of payments may use."""

from payments.ledger.model import (
    AT_WECHAT,
    BANK,
    CASH,
    IN_TRANSIT,
    LOSSES,
    PAID_BY,
    RECEIVABLE,
    STRAY,
    UNIDENTIFIED_RECEIPTS,
    UNIDENTIFIED_REFUNDS,
    Account,
    Entry,
    Posting,
    PostingKind,
    Tender,
    merchant_payable,
    transfer,
)
from payments.ledger.views import entry as entry_view

__all__ = [
    "AT_WECHAT",
    "BANK",
    "CASH",
    "IN_TRANSIT",
    "LOSSES",
    "PAID_BY",
    "RECEIVABLE",
    "STRAY",
    "UNIDENTIFIED_RECEIPTS",
    "UNIDENTIFIED_REFUNDS",
    "Account",
    "Entry",
    "Posting",
    "PostingKind",
    "Tender",
    "entry_view",
    "merchant_payable",
    "transfer",
]
