"""Orders' stores in memory, and its sagas on them."""

from dataclasses import replace
from functools import cached_property
from uuid import UUID

from orders.aftersale.model.refund import Refund, kept_back
from orders.checkout.model.checkout import Checkout
from orders.checkout.store import NOT_DELIVERED
from orders.fulfilment.model.order import Order
from orders.fulfilment.model.parcel import Parcel
from orders.fulfilment.model.terms import Policy
from orders.sagas import SAGAS
from shared.sagas import SagaWork
from tests.model.memory import works
from tests.model.memory.sagas import MemoryEngine


def whole(order: Order) -> Order:
    return replace(order, lines=[replace(line) for line in order.lines])


class Repository:
    def __init__(self, rows):
        self.rows = rows


class Orders(Repository):
    def add(self, orders) -> None:
        for order in orders:
            self.rows.put("orders", order.order_id, order, whole)

    def get(self, order_id: UUID) -> Order | None:
        return self.rows.get("orders", order_id, whole)

    lock = get

    def of_checkout(self, checkout_id: UUID) -> list[Order]:
        found = (order for order in self.rows.all("orders") if order.checkout_id == checkout_id)
        return sorted(map(whole, found), key=lambda order: order.order_id)

    lock_checkout = of_checkout

    def save(self, changed: Order, now) -> None:
        kept = self.get(changed.order_id)
        kept.state, kept.version, kept.refunded = changed.state, changed.version, changed.refunded
        kept.reason, kept.reason_text, kept.updated_at = changed.reason, changed.reason_text, now
        kept.withheld_goods, kept.withheld_shipping = changed.withheld_goods, changed.withheld_shipping
        self.rows.put("orders", kept.order_id, kept, whole)

    def save_claims(self, changed: Order, now) -> None:
        self.save(changed, now)
        kept = self.get(changed.order_id)
        for line in kept.lines:
            other = changed.line(line.line_id)
            line.claimed_quantity, line.claimed_amount = other.claimed_quantity, other.claimed_amount
            line.refunded_quantity, line.refunded_amount = other.refunded_quantity, other.refunded_amount
        self.rows.put("orders", kept.order_id, kept, whole)

    def note_steps(self, orders, actor, now, note=None) -> None:
        for order in orders:
            position = self.rows.database.next_position()
            self.rows.put("steps", position, (order.order_id, order.state, actor))


class Checkouts(Repository):
    def add(self, new: Checkout) -> None:
        assert not self.by_quote(new.quote_id), "a quote is ordered twice"
        self.rows.put("checkouts", new.checkout_id, new)

    def get(self, checkout_id: UUID) -> Checkout | None:
        return self.rows.get("checkouts", checkout_id)

    def by_quote(self, quote_id: UUID) -> Checkout | None:
        return next((one for one in self.rows.all("checkouts") if one.quote_id == quote_id), None)

    def count_open(self, buyer_id: UUID) -> int:
        return sum(one.buyer_id == buyer_id and one.state == "placed" for one in self.rows.all("checkouts"))

    def open_cash(self, buyer_id: UUID) -> int:
        cash = {one.checkout_id for one in self.rows.all("checkouts") if one.method == "cash_on_delivery"}
        return sum(
            one.total.amount - one.refunded
            for one in self.rows.all("orders")
            if one.buyer_id == buyer_id and one.checkout_id in cash and one.state in NOT_DELIVERED
        )

    def settle(self, checkout_id: UUID, state, reason=None, refusal=None) -> None:
        ended = replace(self.get(checkout_id), state=state, reason=reason, refusal=refusal)
        self.rows.put("checkouts", checkout_id, ended)


class Policies(Repository):
    def of(self, shop_ids):
        """Every second shop reprices what is kept, so that both policies occur."""
        return {shop: list(Policy)[place % 2] for place, shop in enumerate(sorted(shop_ids))}


class Refunds(Repository):
    def add(self, new: Refund) -> None:
        assert not self.get(new.refund_id), "a refund is added twice"
        self.rows.put("refunds", new.refund_id, new)

    def get(self, refund_id: UUID) -> Refund | None:
        return self.rows.get("refunds", refund_id)

    def of_order(self, order_id: UUID) -> list[Refund]:
        return [one for one in self.rows.all("refunds") if one.order_id == order_id]

    def kept_back(self, order_id: UUID) -> dict[UUID, int]:
        return kept_back(self.of_order(order_id))

    def save(self, changed: Refund) -> None:
        self.rows.put("refunds", changed.refund_id, changed)


class Parcels(Repository):
    def add(self, new: Parcel) -> bool:
        if any(one.shop_id == new.shop_id for one in self.find(new.carrier, new.tracking_number)):
            return False
        self.rows.put("parcels", new.parcel_id, new)
        return True

    def get(self, parcel_id: UUID) -> Parcel | None:
        return self.rows.get("parcels", parcel_id)

    def find(self, carrier: str, tracking_number: str) -> list[Parcel]:
        named = (carrier, tracking_number)
        return [one for one in self.rows.all("parcels") if (one.carrier, one.tracking_number) == named]

    def of_order(self, order_id: UUID) -> list[Parcel]:
        return [one for one in self.rows.all("parcels") if one.order_id == order_id]

    def add_trace(self, of: Parcel, trace) -> bool:
        key = (of.parcel_id, trace.at, trace.event)
        known = self.rows.get("traces", key)
        self.rows.put("traces", key, trace)
        return not known

    def save(self, changed: Parcel) -> None:
        self.rows.put("parcels", changed.parcel_id, changed)


class Carts(Repository):
    """A cart has the id of its owner."""

    def of_owner(self, owner_id: UUID) -> UUID:
        return owner_id

    def lines(self, cart_id: UUID) -> dict[UUID, int]:
        return self.rows.get("carts", cart_id) or {}

    def version(self, cart_id: UUID) -> int:
        return self.rows.get("cart_versions", cart_id) or 0

    def save(self, cart_id: UUID, lines, _now) -> None:
        if lines != self.lines(cart_id):
            self.rows.put("cart_versions", cart_id, self.version(cart_id) + 1)
        self.rows.put("carts", cart_id, lines)


class Work(SagaWork, works.Work):
    """The repositories of orders, and its sagas."""

    saga_engine = MemoryEngine(*SAGAS)

    @cached_property
    def orders(self):
        return Orders(self.connection)

    @cached_property
    def checkouts(self):
        return Checkouts(self.connection)

    @cached_property
    def policies(self):
        return Policies(self.connection)

    @cached_property
    def refunds(self):
        return Refunds(self.connection)

    @cached_property
    def parcels(self):
        return Parcels(self.connection)

    @cached_property
    def carts(self):
        return Carts(self.connection)

    def is_erased(self, _user_id: UUID) -> bool:
        return False
