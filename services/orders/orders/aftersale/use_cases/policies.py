"""A shop's choice of what refunds of its next orders pay."""

from uuid import UUID

from orders.fulfilment.front import Policy
from orders.work import Work
from shared.auth import Caller
from shared.contracts.orders.codes import RefundPolicy
from shared.operating.log import note


def choose(work: Work, caller: Caller, shop_id: UUID, policy: RefundPolicy) -> None:
    """Set it for orders that are placed from now on, and write down who did. The same again changes nothing."""
    before, chosen = work.policies.of([shop_id])[shop_id], Policy(policy)
    if chosen is not before:
        work.policies.choose(shop_id, chosen, work.now)
        told = {"actor": str(caller.account), "action": "shop.refund_policy", "about": f"shop {shop_id}"}
        note(work, **told, before={"policy": before}, after={"policy": chosen})
