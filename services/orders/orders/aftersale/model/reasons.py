"""Why a refund pays what it pays, in both languages: one function for each reason."""

from orders.fulfilment.front import Policy, Why
from shared.money import Money, shown

POLICIES = {
    Policy.FROZEN_SHARES: {
        "zh": "退款按下单时分摊到每件商品的实付金额计算，保留的商品不重新计价。",
        "en": "A refund pays what each piece cost after its share of discounts. The rest is not priced again.",
    },
    Policy.REPRICE_BEFORE_SHIPPING: {
        "zh": (
            "发货前申请部分退款时，保留的商品按下单时的优惠与包邮条件重新计价；若高于原分摊金额，差额从退款中扣除，"
            "退款不低于零。申请前会显示确切金额。发货后按分摊的实付金额退款。"
        ),
        "en": (
            "Before anything is shipped, what you keep is priced again by the discount and shipping terms of the "
            "order. If that is more than its share of what you paid, the difference is taken from the refund, "
            "which is never below zero. The exact sum is shown before you ask. After shipping, a refund pays the "
            "shares."
        ),
    },
}


def shipping_returned(fee: Money) -> Why:
    """The whole order is cancelled."""
    zh = f"订单已全部取消，退还运费{shown(fee)}"
    return _why("shipping_returned", zh, f"The whole order is cancelled: shipping {shown(fee)} goes back", fee)


def goods_cost_more(price: Money, share: Money, withheld: Money) -> Why:
    """What stays costs `price` by the order's terms, more than its `share` of what was paid."""
    zh = (
        f"保留的商品按下单时的优惠条件重新计价为{shown(price)}，原分摊价为{shown(share)}，"
        f"从退款中扣除{shown(withheld)}"
    )
    en = (
        f"What you keep costs {shown(price)} by the order's terms, its share was {shown(share)}: "
        f"{shown(withheld)} is taken from the refund"
    )
    return _why("kept_goods_cost_more", zh, en, -withheld)


def shipping_is_due(withheld: Money) -> Why:
    """What stays is too little to be sent for nothing."""
    zh = f"保留的商品不再满足包邮条件，从退款中扣除运费{shown(withheld)}"
    en = f"What you keep no longer ships free: {shown(withheld)} of shipping is taken from the refund"
    return _why("free_shipping_lost", zh, en, -withheld)


def difference_returned(returned: Money) -> Why:
    """What an earlier refund left with the order comes back."""
    zh = f"此前从退款中扣除的{shown(returned)}随本次退款退还"
    en = f"{shown(returned)} that was taken from an earlier refund comes back with this one"
    return _why("difference_returned", zh, en, returned)


def _why(code: str, zh: str, en: str, amount: Money) -> Why:
    return Why(code=code, text={"zh": zh, "en": en}, amount=amount.amount)
