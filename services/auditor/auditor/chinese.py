"""The auditor's words in Chinese, for the pages of operators; its own report and log are in English."""

import re

SENTENCES = {
    "stock.levels": "在库等于流水之和，预留等于未了结的预留之和，0 ≤ 预留 ≤ 在库",
    "stock.reservations": "预留与所属占用的状态一致，放回的数量不多于售出的数量",
    "stock.claims": "进行中的结账预留库存，已确认的结账扣减库存，其他结账不占库存",
    "stock.sold": "每张订单的每个 SKU，离库数量减去放回数量等于售出数量",
    "ledger.postings": "每笔分录在每个币种下合计为零",
    "ledger.accounts": "账户余额等于其明细之和",
    "ledger.total": "所有账户的余额在每个币种下合计为零",
    "money.orders": "支付为订单保留的钱等于订单总额减去已退金额",
    "money.payments": "一笔付款属于一次结账；已确认的结账都留有钱，其他结账不留钱",
    "money.refunds": "订单与支付对每笔退款的记录一致",
    "money.lines": "退款等于各行之和；每行退款不超过实付金额，支付与订单逐行一致",
    "money.sums": "付款的份额、收款、退款与账本明细一致",
    "money.unapplied_receipts": "不该保留的钱正在退回，或已经退回",
    "money.in_transit": "退款在 7 天内到账，在此之前始终有一次待执行的支付渠道调用",
    "order.sums": (
        "订单金额等于各行之和，已退金额等于各笔退款之和；没有一件商品既发货又放回；取消和退款都有流程在处理"
    ),
    "coupons.campaigns": "活动的发放数等于券的张数，不超过总量和每人上限",
    "coupons.moves": "券的状态与最后一次变动一致，也与结账的优惠一致",
    "coupons.checkouts": "进行中的结账占用优惠，已确认的结账核销优惠，其他结账没有优惠",
    "messages.sent": "每条消息都按时发出，没有放弃发送的消息",
    "messages.handled": "发出的每条消息都已被各个消费者处理，或者成了死信",
    "messages.resolved": "每封死信都由运营人员按时处理",
    "sagas.in_time": "每个到期的流程都会继续，或者卡住并列出",
    "sagas.resolved": "每个卡住的流程都由运营人员按时处理",
    "privacy.erased": "没有服务保留已注销用户的姓名、地址或文字",
}
PHRASES = {
    "count the units, and adjust the stock of the SKU with a reason": "盘点实物，再填写原因调整这个 SKU 的库存",
    "compare the saga's time line of the checkout with catalog's claim, and adjust the stock by hand": (
        "对照这次结账的流程时间线和商品服务的占用记录，手工调整库存"
    ),
    "read the coupon's moves and the saga's time line of its checkout": "查看券的变动记录和所属结账的流程时间线",
    "inform the shop; issued coupons are not revoked": "告知店铺；已发出的券不会收回",
    "read its error, fix the cause, and have the row sent again (docs/auditor.md)": (
        "查看错误，排除原因后重新发送这条消息（docs/auditor.md）"
    ),
    "check the relay and the broker, and for a command its receiver": (
        "检查转发进程和消息队列；如果是命令，还要检查接收方"
    ),
    "retry or archive it in the operator's view (docs/operating.md)": "在运营台重试或归档（docs/operating.md）",
    "post a correction that names the cause; the ledger is append-only": "补记一笔更正分录并写明原因；账本只追加",
    "compare the refunds of the order with the payment's lines, and settle it by hand": (
        "对照订单的退款和付款的各行，人工处理"
    ),
    "read the payment's ledger entries and the saga's time line, and settle it by hand": (
        "查看付款的账本明细和流程时间线，人工处理"
    ),
    "read the payment's ledger entries, and settle it by hand": "查看付款的账本明细，人工处理",
    "find the refund at the provider, and settle it there": "在支付渠道查找这笔退款，并在那里处理",
    "read the order's refunds and parcels, and settle it with the shop": "查看订单的退款和包裹，与店铺一起处理",
    "erase again: python -m shared.personal.replay (docs/privacy.md)": (
        "再次删除：python -m shared.personal.replay（docs/privacy.md）"
    ),
    "resume, skip or cancel it in the operator's view (docs/operating.md)": (
        "在运营台继续、跳过或取消（docs/operating.md）"
    ),
    "release its stock": "释放它占用的库存",
    "release its benefits": "释放它占用的优惠",
    "refund the kept amount": "退回保留的金额",
    "publish again that the refund has arrived": "再次发布退款已到账",
    "refund it": "退回这笔钱",
    "wake it, since its timer has not": "唤醒它，因为它的定时器没有触发",
}
TO_ONE = re.compile(r"send it again, to (\w+) only")


def phrase(english: str) -> str:
    """An advice or a description in Chinese. Raises KeyError for one that is not translated."""
    if to := TO_ONE.fullmatch(english):
        return f"再次发送，只发给 {to[1]}"
    return PHRASES[english] if english else ""
