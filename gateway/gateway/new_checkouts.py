"""A checkout that was just placed: its answer is also the first one to whoever reads or follows it.

The answer to a repeated request may be old, and what followed from it is told by events: it is taken only if this
process has received all events since the checkout was placed, and none of them was about it.
"""

from datetime import UTC, datetime

from gateway.cache import IN_MEMORY, LONGEST_NEW
from gateway.route import Json
from gateway.serving import Gateway, ids_in, key_of
from shared.auth import Caller
from shared.contracts.orders.requests import GetCheckout


def placed(gateway: Gateway, caller: Caller, checkout: Json, size: int) -> None:
    """Keep the answer to a check-out for its buyer, who reads it next."""
    contract, ids = GetCheckout.contract, ids_in(GetCheckout.contract, checkout)
    age = datetime.now(UTC) - datetime.fromisoformat(checkout["created_at"])
    told = {f"payments {checkout['payment_id']}", f"payments {checkout['checkout_id']}"}
    if caller.user_id is None or not gateway.cache.knows_since(age.total_seconds(), ids | told):
        return
    key = key_of(caller, contract.method, {"checkout_id": checkout["checkout_id"]})
    gateway.cache.put(key, checkout, ids, IN_MEMORY * size, LONGEST_NEW)
    gateway.memory.payments.placed(checkout, caller.user_id)
