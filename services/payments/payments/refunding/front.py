"""What other modules of payments may import."""

from payments.refunding.model.postings import refund_assigned
from payments.refunding.model.refunds import Refund, RefundState
from payments.refunding.model.settlements import ManualSettlement
from payments.refunding.use_cases.attempts import follow, locked_attempt, paid_under
from payments.refunding.use_cases.completing import complete
from payments.refunding.use_cases.operator_actions import locked_to_settle
from payments.refunding.use_cases.refunds import refund_of, start
from payments.refunding.use_cases.settlements import confirm_proposal, proposal, propose, single_operator_limit
from payments.refunding.views import manual_settlement as manual_settlement_view
from payments.refunding.views import payment_refund as refund_view
from payments.refunding.views import returned_money as returned_money_view

__all__ = [
    "ManualSettlement",
    "Refund",
    "RefundState",
    "complete",
    "confirm_proposal",
    "follow",
    "locked_attempt",
    "locked_to_settle",
    "manual_settlement_view",
    "paid_under",
    "proposal",
    "propose",
    "refund_assigned",
    "refund_of",
    "refund_view",
    "returned_money_view",
    "single_operator_limit",
    "start",
]
