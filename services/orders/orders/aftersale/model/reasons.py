"""The reasons for the amount of a refund, in both languages: one function per reason."""

from orders.fulfilment.front import Policy, Why
from shared.money import Money, shown

POLICIES = {
    Policy.FROZEN_SHARES: {
        "zh": "退款按下单时分摊到每件商品的实付金额计算，保留的商品不重新计价。",
        "en": "A refund pays what each item cost after its share of discounts. Items you keep are not repriced.",
    },
    Policy.REPRICE_BEFORE_SHIPPING: {
        "zh": (
            "发货前申请部分退款时，保留的商品按下单时的优惠与包邮条件重新计价；若高于原分摊金额，差额从退款中扣除，"
            "退款不低于零。申请前会显示确切金额。发货后按分摊的实付金额退款。"
        ),
        "en": (
            "For a partial refund before anything is shipped, the items you keep are repriced by the discount and "
            "free shipping terms of the order. If the new price is above their share of what you paid, the "
            "difference is deducted from the refund, which is never below zero. The exact amount is shown before "
            "you request the refund. After shipping, a refund pays the items' share of what you paid."
        ),
    },
}


def shipping_returned(fee: Money) -> Why:
    """The whole order is cancelled, so its shipping fee is refunded."""
    zh = f"订单已全部取消，退还运费{shown(fee)}"
    en = f"The whole order is cancelled: the shipping fee of {shown(fee)} is refunded"
    return _why("shipping_returned", zh, en, fee)


def goods_cost_more(price: Money, share: Money, withheld: Money) -> Why:
    """The remaining units cost `price` by the order's terms, more than their `share` of what was paid."""
    zh = (
        f"保留的商品按下单时的优惠条件重新计价为{shown(price)}，原分摊价为{shown(share)}，"
        f"从退款中扣除{shown(withheld)}"
    )
    en = (
        f"The items you keep cost {shown(price)} by the order's terms; their share was {shown(share)}: "
        f"{shown(withheld)} is deducted from the refund"
    )
    return _why("kept_goods_cost_more", zh, en, -withheld)


def shipping_is_due(withheld: Money) -> Why:
    """The remaining units no longer qualify for free shipping."""
    zh = f"保留的商品不再满足包邮条件，从退款中扣除运费{shown(withheld)}"
    en = f"The items you keep no longer ship free: a shipping fee of {shown(withheld)} is deducted from the refund"
    return _why("free_shipping_lost", zh, en, -withheld)


def difference_returned(returned: Money) -> Why:
    """An amount that was withheld from an earlier refund is returned."""
    zh = f"此前从退款中扣除的{shown(returned)}随本次退款退还"
    en = f"{shown(returned)} that was deducted from an earlier refund is returned with this one"
    return _why("difference_returned", zh, en, returned)


def _why(code: str, zh: str, en: str, amount: Money) -> Why:
    return Why(code=code, text={"zh": zh, "en": en}, amount=amount.amount)
