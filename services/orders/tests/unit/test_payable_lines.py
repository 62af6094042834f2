"""The payable lines of an order, with its shipping."""

from orders.fulfilment.model.lines import payable_lines
from orders.fulfilment.model.terms import Allocation
from services.orders.tests.builders import an_order, yuan
from shared.contracts.payments import LineKind
from shared.ids import new_id


def discounted(**borne):
    return (Allocation(source="free_shipping", source_id=new_id(), terms_version=1, **borne),)


def shipping_of(order):
    return [line for line in payable_lines(order) if line.kind == LineKind.SHIPPING]


def test_a_shipping_fee_is_a_line():
    (line,) = shipping_of(an_order(shipping=800))
    assert line.paid == yuan(800)


def test_a_shipping_fee_discounted_to_zero_is_a_line_with_who_bears_the_discount():
    (line,) = shipping_of(an_order(shipping=0, shipping_allocations=discounted(shop=300, platform=500)))
    assert (line.paid, line.discount.shop, line.discount.platform) == (yuan(0), yuan(300), yuan(500))


def test_free_shipping_without_a_discount_is_no_line():
    assert shipping_of(an_order(shipping=0)) == []
