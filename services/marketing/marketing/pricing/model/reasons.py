"""Why an amount is in a price: one function for each reason, in both languages."""

from dataclasses import dataclass

from marketing.coupons.front import Terms
from marketing.texts import Text
from shared.money import Money, shown, zero


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an amount is in the price; `code` is stable, `amount` is negative for what is taken off."""

    code: str
    text: Text
    amount: Money


def list_price(each: Money, quantity: int) -> Reason:
    """The shop's price for so many pieces."""
    text = Text(f"标价{shown(each)} × {quantity}", f"List price {shown(each)} × {quantity}")
    return Reason("list_price", text, each * quantity)


def coupon(terms: Terms) -> Reason:
    """A spend-and-save coupon, as it is taken off a shop's goods."""
    zh = f"优惠券「{terms.name.zh}」:满{shown(terms.threshold)}减{shown(terms.discount)}"
    en = f"Coupon “{terms.name.en}”: {shown(terms.discount)} off from {shown(terms.threshold)}"
    return Reason("coupon", Text(zh, en), -terms.discount)


def coupon_share(terms: Terms, share: Money) -> Reason:
    """The part of a coupon that falls to one line."""
    zh = f"优惠券「{terms.name.zh}」分摊{shown(share)}"
    en = f"Share of coupon “{terms.name.en}”: {shown(share)}"
    return Reason("coupon", Text(zh, en), -share)


def shipping(fee: Money, free_from: Money | None) -> Reason:
    """A shop's shipping fee; `free_from` says what would have made it free."""
    if free_from is None:
        text = Text(f"偏远地区运费{shown(fee)}", f"Shipping to a remote region: {shown(fee)}")
    else:
        zh = f"运费{shown(fee)},满{shown(free_from)}包邮"
        text = Text(zh, f"Shipping {shown(fee)}, free from {shown(free_from)}")
    return Reason("shipping", text, fee)


def shipping_free(free_from: Money) -> Reason:
    """Enough was bought in one shop: nothing to pay for shipping."""
    text = Text(f"满{shown(free_from)}包邮", f"Free shipping from {shown(free_from)}")
    return Reason("shipping_free", text, zero(free_from.currency))
