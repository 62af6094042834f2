"""A process that stands in for orders: it answers what a test needs, over the real protocol."""

import eventlet

eventlet.monkey_patch()

from shared import run, topology  # noqa: E402
from shared.errors import Conflict  # noqa: E402
from shared.permissions import Role  # noqa: E402
from shared.rpc import Rpc  # noqa: E402

states = ["placed"]
rpc = Rpc.decorator


class StandIn:
    """The methods that the tests call."""

    name = "orders"

    @rpc(allow=Role.SHOPPER)
    def get_order(self, caller, request):
        return {"order_id": request["order_id"], "state": states[-1], "buyer_id": str(caller.user_id)}

    @rpc(allow=Role.SHOPPER)
    def receive_order(self, caller, request):
        states.append("completed")
        return {}

    @rpc(allow=Role.SHOPPER)
    def cancel_order(self, caller, request):
        raise Conflict("Not now.", code="transition_not_allowed", state="shipped")

    @rpc(allow=Role.SHOPPER)
    def list_orders(self, caller, request):
        eventlet.sleep(60)

    @rpc(allow=Role.SHOPPER)
    def get_cart(self, caller, request):
        raise ZeroDivisionError("secret")


topology.service_class = lambda _name: StandIn
run.main("orders")
