"""Check out: in one transaction, a quote becomes a checkout with one order per shop, and the saga starts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from orders.carts import front as carts
from orders.checkout.model.checkout import AccountErased, Checkout, CheckoutState
from orders.checkout.model.process import CheckoutProcess
from orders.checkout.model.quote import Quote, QuotedLine, QuotedShop, QuoteUsed
from orders.checkout.use_cases import ordering_limits
from orders.fulfilment.front import Line, Order, OrderState, Policy, order_number
from orders.work import Work
from shared import places, settings, shapes
from shared.contracts.orders.requests import CheckOut, DeliveryAddress
from shared.contracts.payments import Method
from shared.ids import new_id
from shared.money import Money
from shared.zones import zone_of

REQUEST_FIELDS = {"method": "payment_method"}
Placed = tuple[Checkout, list[Order]]
PAYMENT_WINDOW = timedelta(seconds=settings.whole("PAYMENT_WINDOW_SECONDS", 30 * 60))


def check_out(work: Work, buyer_id: UUID, request: CheckOut, quote: Quote) -> Placed:
    """Place the orders of a quote and start the checkout saga; return the checkout with its orders.

    A quote that was ordered before returns its checkout, whatever the idempotency key (rule 14).
    Raises QuoteBuyerDifferent, QuoteZoneDifferent, PlaceNotFound, QuoteUsed, CartChanged, AccountErased, and as
    `ordering_limits.check`.
    """
    quote.check_buyer(buyer_id, zone_of(places.of(request.address).division_code))
    cart_id = work.carts.of_owner(buyer_id)  # locked: of two concurrent check-outs the second sees the first
    if earlier := work.checkouts.by_quote(quote.quote_id):
        return _ordered_before(work, earlier, quote, request)
    quote.check_cart(work.carts.version(cart_id))
    if work.is_erased(buyer_id):
        raise AccountErased
    return place(work, quote, request)


def _ordered_before(work: Work, earlier: Checkout, quote: Quote, request: CheckOut) -> Placed:
    wanted = _chosen(quote, request)
    if differs := [REQUEST_FIELDS.get(name, name) for name in wanted if wanted[name] != getattr(earlier, name)]:
        raise QuoteUsed(checkout_id=str(earlier.checkout_id), differs=differs)
    return earlier, work.orders.of_checkout(earlier.checkout_id)


def place(work: Work, quote: Quote, request: CheckOut) -> Placed:
    """Place the orders of a valid quote, and start the saga."""
    taken = carts.take(work, quote.buyer_id, quote.bought())
    checkout = _checkout(work, quote, request, taken)
    work.checkouts.add(checkout)
    policies = work.policies.of([shop.shop_id for shop in quote.shops])
    orders = [_order(checkout, shop, policies[shop.shop_id]) for shop in quote.shops]
    work.orders.add(orders)
    ordering_limits.check(work, checkout, orders)
    work.sagas.start_new("orders.checkout", checkout.checkout_id, CheckoutProcess.of(checkout, orders))
    return checkout, sorted(orders, key=lambda each: each.order_id)


def _chosen(quote: Quote, request: CheckOut) -> dict[str, Any]:
    """What the shopper chose in addition to the quote, as fields of the checkout."""
    return {
        "method": request.payment_method if quote.total else Method.NOTHING,
        "address": address(request.address),
        "contact": shapes.dump(request.contact),
        "note": request.note,
    }


def address(given: DeliveryAddress) -> dict[str, Any]:
    """The address to store, with the names of its division. Raises PlaceNotFound."""
    return {**vars(places.of(given)), "street": given.street, "postcode": given.postcode}


def _checkout(work: Work, quote: Quote, request: CheckOut, taken: dict[UUID, int]) -> Checkout:
    return Checkout(
        checkout_id=new_id(),
        quote_id=quote.quote_id,
        buyer_id=quote.buyer_id,
        payment_id=new_id(),
        total=quote.total,
        currency=quote.currency,
        state=CheckoutState.PLACED,
        **_chosen(quote, request),
        benefits=quote.benefits,
        taken_from_cart={str(sku_id): quantity for sku_id, quantity in taken.items()},
        expires_at=work.now + PAYMENT_WINDOW,
        created_at=work.now,
    )


def _order(checkout: Checkout, shop: QuotedShop, policy: Policy) -> Order:
    order_id, currency = new_id(), checkout.currency
    return Order(
        order_id=order_id,
        number=order_number(checkout.created_at, order_id),
        checkout_id=checkout.checkout_id,
        payment_id=checkout.payment_id,
        shop_id=shop.shop_id,
        buyer_id=checkout.buyer_id,
        state=OrderState.PLACED,
        goods=Money(shop.goods, currency),
        discount=Money(shop.discount, currency),
        shipping=Money(shop.shipping, currency),
        total=Money(shop.total, currency),
        version=1,
        placed_at=checkout.created_at,
        policy=policy,
        terms=shop.terms,
        shipping_allocations=shop.shipping_line.allocations,
        lines=[_line(quoted, currency) for quoted in shop.lines],
    )


def _line(quoted: QuotedLine, currency: str) -> Line:
    return Line(
        line_id=new_id(),
        product_id=quoted.product_id,
        sku_id=quoted.sku_id,
        title=quoted.title,
        options=quoted.options,
        image=quoted.image,
        category=quoted.category,
        quantity=quoted.quantity,
        unit_price=Money(quoted.unit_price, currency),
        discount=Money(quoted.discount, currency),
        paid=Money(quoted.paid, currency),
        why=tuple(quoted.why),
        allocations=quoted.allocations,
    )
