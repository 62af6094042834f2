"""What other modules of payments may import."""

from payments.taking.model.captures import Capture, CaptureNotFound
from payments.taking.model.payment import Payment, Standing
from payments.taking.model.postings import payable
from payments.taking.model.postings import returned as capture_returned
from payments.taking.model.unidentified import AssignmentMismatched
from payments.taking.model.unidentified import Reason as UnidentifiedReason
from payments.taking.use_cases.cash import book_receivable
from payments.taking.use_cases.unidentified import book_unidentified_refund

__all__ = [
    "AssignmentMismatched",
    "Capture",
    "CaptureNotFound",
    "Payment",
    "Standing",
    "UnidentifiedReason",
    "book_receivable",
    "book_unidentified_refund",
    "capture_returned",
    "payable",
]
