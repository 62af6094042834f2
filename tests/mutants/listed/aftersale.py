"""Guards of refund amounts and of limits for one shopper."""

from tests.mutants.mutant import Mutant

CLAIMS = "services/orders/tests/unit/test_refund_claims.py::"
LIMITS = "services/orders/tests/integration/test_limits_on_ordering.py::"
HOLDING = "services/catalog/tests/integration/test_holding_stock.py::"
REPRICING = "services/orders/tests/unit/test_repricing.py::"
CONCURRENT = "services/orders/tests/integration/test_concurrent_refunds.py::"
POLICIES = "services/orders/tests/integration/test_refund_policies.py::"

AFTERSALE = [
    Mutant(
        name="granted units: an open request counts as granted",
        file="services/orders/orders/aftersale/model/appraisal.py",
        guard="if other.removes_its_units and other.refund_id",
        instead="if other.refund_id",
        killed_by=(CLAIMS + "test_a_request_for_the_last_units_is_a_plain_refund_while_another_request_is_open",),
    ),
    Mutant(
        name="shown is paid: open requests are not appraised again when another one is granted",
        file="services/orders/orders/aftersale/use_cases/requests.py",
        guard="""    amounts.of_requests(work, situation)
""",
        instead="",
        killed_by=(
            CONCURRENT
            + "test_each_of_five_requests_pays_its_shown_amount_and_the_last_granted_the_shipping_fee_too",
        ),
    ),
    Mutant(
        name="shown is paid: open requests are not appraised again when a parcel is shipped",
        file="services/orders/orders/fulfilment/use_cases.py",
        guard="""    notices.publish(work, shipping.ParcelSent(order=order))
""",
        instead="",
        killed_by=(POLICIES + "test_an_open_request_pays_only_the_share_once_a_parcel_was_shipped",),
    ),
    Mutant(
        name="refunded units: fulfilment is not notified, and the order waits for units that are refunded",
        file="services/orders/orders/aftersale/use_cases/refunds.py",
        guard="""    notices.publish(work, PiecesRefunded(order=order, kept_back=kept_back))
""",
        instead="",
        killed_by=(CONCURRENT + "test_an_order_whose_rest_is_refunded_is_shipped_and_delivered_with_its_parcel",),
    ),
    Mutant(
        name="priced again: more is withheld than the refund has",
        file="services/orders/orders/aftersale/model/repricing.py",
        guard="goods = min(max(0, price.goods - share(remaining)), most)",
        instead="goods = max(0, price.goods - share(remaining))",
        killed_by=(REPRICING + "test_the_order_keeps_the_price_of_the_remaining_units_or_all_of_the_refund",),
    ),
    Mutant(
        name="priced again: also where the shop has not chosen it",
        file="services/orders/orders/aftersale/model/appraisal.py",
        guard=" or not order.is_repriced:",
        instead=":",
        killed_by=(REPRICING + "test_by_default_a_refund_pays_the_frozen_shares",),
    ),
    Mutant(
        name="limits on ordering: open cash-on-delivery orders do not count",
        file="services/orders/orders/checkout/model/limits.py",
        guard="if together > self.open_cash:",
        instead="if together < 0:",
        killed_by=(LIMITS + "test_thirty_concurrent_cash_orders_of_one_buyer_never_exceed_the_limit",),
    ),
    Mutant(
        name="limits on ordering: open checkouts do not count",
        file="services/orders/orders/checkout/model/limits.py",
        guard="if count > self.open_checkouts:",
        instead="if count < 0:",
        killed_by=(LIMITS + "test_thirty_concurrent_checkouts_of_one_buyer_never_exceed_the_limit",),
    ),
    Mutant(
        name="limits on ordering: what was read before a first cart was locked counts",
        file="services/orders/orders/carts/store.py",
        guard="carts, lines, *others = self._locked(wanted, under)  # again",
        instead="carts, lines, *_ = self._locked(wanted, under)  # again",
        killed_by=(LIMITS + "test_of_two_first_orders_at_the_same_time_the_second_counts_the_first",),
    ),
    Mutant(
        name="hold limit: the buyer's other reservations do not count",
        file="services/catalog/catalog/stock/model/holding.py",
        guard="left = max(0, self.limit.most(levels[sku]) - self.held[sku])",
        instead="left = self.limit.most(levels[sku])",
        killed_by=(
            HOLDING + "test_one_buyer_reserves_no_more_than_the_share_and_the_refusal_names_the_sku",
            HOLDING + "test_thirty_concurrent_checkouts_of_one_buyer_never_reserve_more_than_the_share",
        ),
    ),
    Mutant(
        name="refund: another amount than the approved one is paid",
        file="services/orders/orders/aftersale/use_cases/requests.py",
        guard="    refund.check_amount(expected)  # what",
        instead="    # what",
        killed_by=(
            CONCURRENT + "test_an_approval_of_an_amount_by_older_rules_is_refused_with_the_present_amount",
        ),
    ),
    Mutant(
        name="granting: a refused refund is appraised although others have its units",
        file="services/orders/orders/aftersale/model/refund.py",
        guard="    moves(REFUND_TRANSITIONS, refund.state, RefundState.RUNNING)\n",
        instead="",
        killed_by=(CONCURRENT + "test_a_refused_refund_is_not_granted_once_another_one_has_all_the_units",),
    ),
]
