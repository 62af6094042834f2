"""A shop's choice of the refund policy of its future orders."""

from uuid import UUID

from orders.fulfilment.front import Policy
from orders.work import Work
from shared.auth import Caller
from shared.contracts.orders.codes import RefundPolicy
from shared.operating.log import note


def choose(work: Work, caller: Caller, shop_id: UUID, policy: RefundPolicy) -> None:
    """Set the policy for orders placed from now on, and log who did it. Idempotent."""
    before, chosen = work.policies.of([shop_id])[shop_id], Policy(policy)
    if chosen is not before:
        work.policies.choose(shop_id, chosen, work.now)
        logged = {"actor": str(caller.account), "action": "shop.refund_policy", "about": f"shop {shop_id}"}
        note(work, **logged, before={"policy": before}, after={"policy": chosen})
