"""What must hold at the end: every saga has ended, and stock, money, ledger and coupons add up."""

from collections import Counter, defaultdict
from itertools import pairwise

from orders.aftersale.model.states import RefundState
from orders.fulfilment.model.states import OrderState
from orders.sagas import SAGAS
from payments.providers.interface import PaymentState
from payments.providers.interface import RefundState as AtProvider
from shared.sagas import history
from shared.sagas.instance import ENDED, Status
from tests.model.memory.people import OPENING, People
from tests.model.memory.world import World

DUE = {OrderState(s) for s in ("confirmed", "preparing", "shipped", "delivered", "completed")}
BY_NAME = {saga.name: saga for saga in SAGAS}


def every_saga_has_ended(world: World) -> None:
    assert [found.now for found in world.rows("orders", "saga") if found.now.status not in ENDED] == []
    assert world.rows("orders", "saga_lock") == [], "a lock outlived its saga"
    assert {order.state for order in world.rows("orders", "orders")} <= DUE | {OrderState.CANCELLED}
    assert RefundState.RUNNING not in {refund.state for refund in world.rows("orders", "refunds")}


def replaying_gives_the_stored_sagas(world: World) -> None:
    """SG-16: each saga equals the replay of its transitions, each of which begins where the previous one ended."""
    rows = defaultdict(list)
    for row in world.rows("orders", "transition"):
        rows[row["saga_id"]].append(row)
    for found in world.rows("orders", "saga"):
        mine = rows[found.saga_id]
        assert history.replay(BY_NAME[found.name], mine) == found.now
        for before, after in pairwise(mine):
            assert (after["from_status"], after["from_step"]) == (before["to_status"], before["to_step"])


def undone_in_reverse_order_once(world: World) -> None:
    """SG-4: a saga undoes only what it did, in reverse order."""
    undone = defaultdict(list)
    for row in world.rows("orders", "transition"):
        entered = row["to_status"] == Status.UNDOING and (row["to_step"], Status.UNDOING) != (
            row["from_step"],
            row["from_status"],
        )
        if entered:
            undone[row["saga_id"]].append(row["to_step"])
    for found in world.rows("orders", "saga"):
        places = [BY_NAME[found.name].places[step] for step in undone[found.saga_id]]
        assert places == sorted(set(places), reverse=True), (found.name, undone[found.saga_id])


def stock_adds_up(world: World, people: People) -> None:
    """The units that left the stock are those that were not refunded before they were sent."""
    sold: Counter = Counter()
    sent, returned = _sent(world), _returned_units(world)
    for order in world.rows("orders", "orders"):
        for line in order.lines if order.state in DUE else ():
            kept = line.quantity - returned[line.line_id]
            assert sent[line.line_id] <= kept, "a unit was sent and restocked"
            sold[line.sku_id] += kept
    journal: Counter = Counter()
    for entry in world.rows("catalog", "journal"):
        journal[entry.sku_id] += entry.change
    for sku_id in people.skus:
        level = world.databases["catalog"].tables["stock"][sku_id]
        assert level.reserved == 0
        assert level.on_hand == OPENING + journal[sku_id] == OPENING - sold[sku_id]


def money_adds_up(world: World) -> None:
    """For each order, orders and payments agree on the amount due."""
    parts = {part.order_id: part for payment in world.rows("payments", "payments") for part in payment.parts}
    for order in world.rows("orders", "orders"):
        due = order.total.amount - order.refunded if order.state in DUE else 0
        part = parts.get(order.order_id)
        kept = (part.receivable + part.captured - part.refunded).amount if part else 0
        assert kept == due, (order.state, order.total, order.refunded, part)
        claimed = sum(line.claimed_amount for line in order.lines)
        assert all(0 <= line.claimed_quantity <= line.quantity for line in order.lines)
        assert claimed <= sum(line.paid.amount for line in order.lines)


def the_ledger_agrees_with_the_provider(world: World) -> None:
    wechat = world.wechat
    paid = sum(p.amount.amount for p in wechat.payments.values() if p.state is PaymentState.PAID)
    back = sum(r.amount.amount for r in wechat.refunds.values() if r.state is AtProvider.SUCCEEDED)
    with world.open["payments"]() as work:
        balances = work.ledger.balances()
    assert sum(balances.values()) == 0
    assert balances["provider_clearing"] == paid - back
    assert balances["unapplied_receipts"] == balances["refunds_in_transit"] == 0
    assert balances["unidentified_receipts"] == balances["unidentified_refunds"] == 0
    parts = [part for payment in world.rows("payments", "payments") for part in payment.parts]
    assert -balances["merchant_payable"] == sum((p.receivable + p.captured - p.refunded).amount for p in parts)


def coupons_add_up(world: World) -> None:
    """A coupon is used by the one checkout that kept it, and free if none did."""
    states = defaultdict(set)
    for order in world.rows("orders", "orders"):
        states[order.checkout_id].add(order.state)
    used = defaultdict(list)
    for checkout in world.rows("orders", "checkouts"):
        for benefit in checkout.benefits if states[checkout.checkout_id] != {OrderState.CANCELLED} else ():
            used[benefit.coupon_id].append(checkout.checkout_id)
    for coupon in world.rows("marketing", "coupons"):
        holders = used[coupon.coupon_id]
        assert len(holders) <= 1, "a coupon is used twice"
        assert (coupon.state, coupon.checkout_id) == (("redeemed", holders[0]) if holders else ("free", None))


def _sent(world: World) -> Counter:
    units: Counter = Counter()
    for parcel in world.rows("orders", "parcels"):
        units.update(parcel.lines)
    return Counter(
        {line.line_id: units[str(line.line_id)] for o in world.rows("orders", "orders") for line in o.lines}
    )


def _returned_units(world: World) -> Counter:
    units: Counter = Counter()
    for refund in world.rows("orders", "refunds"):
        for line in refund.lines if refund.state is RefundState.REFUNDED else ():
            units[line.line_id] += line.unsent
    return units
