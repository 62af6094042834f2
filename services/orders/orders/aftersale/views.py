"""Refunds and refund policies as contract views."""

from uuid import UUID

from orders.aftersale.model import reasons
from orders.aftersale.model.refund import Refund
from orders.fulfilment.front import Policy, amount_reasons
from shared.contracts.orders import codes, views
from shared.contracts.texts import BilingualText


def refund_preview(of: Refund) -> views.RefundPreview:
    """The amount of a refund and its reasons, requested or not."""
    return views.RefundPreview(
        order_id=of.order_id,
        kind=codes.RefundKind(of.kind),
        lines=tuple(
            views.RefundPreviewLine(line_id=line.line_id, quantity=line.quantity, amount=line.amount)
            for line in of.lines
        ),
        shipping=of.shipping,
        difference=of.difference,
        amount=of.amount,
        why=amount_reasons(of.why, of.amount.currency),
    )


def refund(of: Refund) -> views.Refund:
    """A refund and its state."""
    return views.Refund(
        **vars(refund_preview(of)),
        refund_id=of.refund_id,
        state=codes.RefundState(of.state),
        reason=codes.RefundReason(of.reason),
        reason_text=of.reason_text,
        failure=codes.RefundFailure(of.failure) if of.failure else None,
        requested_at=of.requested_at,
        decided_at=of.decided_at,
    )


def refund_policy(shop_id: UUID, policy: Policy) -> views.ShopRefundPolicy:
    """The refund policy of a shop's future orders, with its text in both languages."""
    text = BilingualText(**reasons.POLICIES[policy])
    return views.ShopRefundPolicy(shop_id=shop_id, policy=codes.RefundPolicy(policy), text=text)
