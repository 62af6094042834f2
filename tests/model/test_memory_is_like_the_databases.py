"""One contract for the repositories in memory and the real ones: told the same, both say and keep the same."""

from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalog.stock.model.levels import Level
from marketing.coupons.model.campaigns import Terms
from marketing.coupons.model.coupons import Coupon, CouponState
from payments.taking.use_cases import notifications
from services.payments.tests import builders
from shared.contracts import catalog, marketing, payments
from shared.errors import Refusal
from shared.ids import new_id
from shared.money import Money
from shared.testing import deliver, envelope
from shared.testing.lengths import lasting
from tests.model import people
from tests.model.memory.world import Letter
from tests.model.memory.world import World as Memory
from tests.model.world import SERVICES

RULES = settings(
    max_examples=lasting(10, long=400),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OF_A_SIDE = {"pay_action", "expires_at", "captured_at"}  # what each side makes up by itself
WHO, LATE = st.integers(0, 2), st.sampled_from([False, False, False, True])


class Sides:
    """The same services twice: on databases, and in memory."""

    def __init__(self, world):
        self.world, self.memory = world, Memory(now=datetime.now(UTC))

    def tell(self, name, message, *, late=False):
        """Both are told the same message, and must say the same."""
        sealed = envelope(message, not_after=LONG_AGO if late else None)
        self.agree(name, lambda: self._real(name, sealed), lambda: self._memory(name, sealed))

    def agree(self, name, real, memory):
        """What happens on both sides has the same outcome: the same messages, or the same refusal."""
        self.world.collect(name)
        self.world.pile.clear()
        self.memory.pile.clear()
        outcomes = [_outcome(real), _outcome(memory)]
        self.world.collect(name)
        assert outcomes[0] == outcomes[1]
        assert _told(self.world) == _told(self.memory)

    def rows(self, name, query):
        return [tuple(row.values()) for row in self.world.rows(name, query)]

    def _real(self, name, sealed):
        deliver(SERVICES[name][0], self.world.open[name], sealed)

    def _memory(self, name, sealed):
        self.memory._deliver(Letter(name, sealed))


def _told(side):
    """Who is told what, as a fact, a command or a reply."""
    return Counter((one.receiver, one.sealed.kind, *plain(one.sealed.body)) for one in side.letters())


def _outcome(action):
    try:
        action()
    except Refusal as refusal:
        return refusal.code
    return "done"


def plain(message):
    """What a message says, without what each side makes up by itself."""
    kept = [(f.name, getattr(message, f.name)) for f in fields(message) if f.name not in OF_A_SIDE]
    return type(message).__name__, str(kept)


@RULES
@given(
    told=st.lists(st.tuples(st.sampled_from("RRRLCB"), WHO, st.integers(1, 3), LATE), min_size=2, max_size=14),
)
def test_stock_in_memory_is_like_stock_in_the_database(world, told):
    shop, sides = people.a_shop(world, 101), Sides(world)
    sku_id = UUID(shop.skus[0])
    with sides.memory.databases["catalog"].begin() as rows:
        level = Level(sku_id=sku_id, product_id=new_id(), shop_id=shop.shop_id, on_hand=people.OPENING, reserved=0)
        rows.put("stock", sku_id, level)
    checkouts, orders = [new_id() for _ in range(3)], [new_id() for _ in range(3)]
    buyer = new_id()  # of all of them: he may hold ten of the twelve
    for what, who, pieces, late in told:
        lines = (catalog.StockLine(order_id=orders[who], sku_id=sku_id, quantity=pieces * 2),)
        about = {"checkout_id": checkouts[who]}
        back = catalog.Restock(refund_id=new_id(), order_id=orders[who], lines=lines, **about)
        message = {
            "R": catalog.ReserveStock(lines=lines, buyer_id=buyer, **about),
            "L": catalog.ReleaseStock(**about),
            "C": catalog.CommitStock(**about),
            "B": back,
        }[what]
        sides.tell("catalog", message, late=late and what == "R")
    kept = sides.memory.databases["catalog"].tables["stock"][sku_id]
    query = f"SELECT on_hand, reserved FROM stock WHERE sku_id = '{sku_id}'"
    assert sides.rows("catalog", query) == [(kept.on_hand, kept.reserved)]


@RULES
@given(told=st.lists(st.tuples(st.sampled_from("HHHLDB"), WHO, st.integers(0, 2), LATE), min_size=2, max_size=14))
def test_coupons_in_memory_are_like_coupons_in_the_database(world, told):
    shop, sides, shopper = people.a_shop(world), Sides(world), people.a_shopper()
    campaign_id = people.a_campaign(world, shop)
    claim = lambda: world.call("marketing", "claim_coupon", shopper, campaign_id=campaign_id)  # noqa: E731
    coupons = [UUID(claim()["coupon_id"]) for _ in range(2)]
    world.collect("marketing")
    terms = Terms(shop_id=shop.shop_id, name={}, threshold=Money(100), discount=Money(33))
    with sides.memory.databases["marketing"].begin() as rows:
        for one in coupons:
            ends = sides.memory.now + timedelta(days=30)
            rows.put("coupons", one, Coupon(one, new_id(), shopper.user_id, CouponState.FREE, None, ends, terms))
    checkouts = [new_id() for _ in range(3)]
    for what, who, which, late in told:
        about = {"checkout_id": checkouts[who]}
        chosen = (coupons[:1], coupons[1:], coupons)[which]
        wanted = tuple(marketing.CouponBenefit(coupon_id=each) for each in chosen)
        message = {
            "H": marketing.HoldBenefits(buyer_id=shopper.user_id, benefits=wanted, **about),
            "L": marketing.ReleaseBenefits(**about),
            "D": marketing.RedeemBenefits(**about),
            "B": marketing.RestoreBenefits(**about),
        }[what]
        sides.tell("marketing", message, late=late)
    kept = {(str(c.state), c.checkout_id) for c in sides.memory.rows("marketing", "coupons")}
    query = f"SELECT state, checkout_id FROM coupons WHERE user_id = '{shopper.user_id}'"
    assert set(sides.rows("marketing", query)) == kept


@RULES
@given(
    told=st.lists(
        st.tuples(st.sampled_from("OOXRCDAPNSKW"), WHO, st.integers(1, 3), LATE), min_size=3, max_size=18
    ),
    methods=st.tuples(*[st.sampled_from(["wechat", "cash_on_delivery", "nothing"])] * 3),
)
def test_money_in_memory_is_like_money_in_the_database(world, told, methods):
    world.start_anew()
    sides = Sides(world)
    opened = [_an_opening(payments.Method(method)) for method in methods]
    refunds = {}
    for what, who, number, late in told:
        command = opened[who]
        if what in "APNSKW":
            _at_the_provider(sides, what, who, command)
            continue
        refund_id = refunds.setdefault((who, number), new_id())
        message = {
            "O": command,
            "X": builders.cancel_payment(command),
            "R": builders.refund_payment(command, Money(40), refund_id=refund_id),
            "C": builders.confirmed(command),
            "D": builders.delivered(command),
        }[what]
        sides.tell("payments", message, late=late)
    _at_the_provider(sides, "A", 0, opened[0])
    _books_are_equal(sides)


def _an_opening(method):
    amounts = (Money(0),) if method is payments.Method.NOTHING else (Money(100), Money(33))
    return builders.open_payment(*map(builders.part, amounts), method=method)


def _at_the_provider(sides, what, who, command):
    """A: payments asks it. P: somebody pays, N: and it tells. S: refunds arrive, K: or not. W: it falls silent."""
    acts = {
        "A": _asks,
        "P": _pays,
        "N": _pays_and_tells,
        "S": _refunds_arrive,
        "K": _refunds_are_closed,
        "W": _silent,
    }
    real, memory = sides.world, sides.memory
    sides.agree("payments", lambda: acts[what](real, command), lambda: acts[what](memory, command))


def _asks(side, _command):
    side.call_provider()


def _silent(side, _command):
    side.wechat.fall_silent("close")


def _pays(side, command):
    number = _number(side, command)
    return side.wechat.pay(number) if number in side.wechat.payments else None


def _pays_and_tells(side, command):
    if report := _pays(side, command):
        _tell(side, report)


def _refunds_arrive(side, _command):
    for number, refund in list(side.wechat.refunds.items()):
        if refund.state == "processing":
            _tell(side, side.wechat.let_arrive(number))


def _refunds_are_closed(side, _command):
    for refund in list(side.wechat.refunds.values()):
        if refund.state == "processing":
            side.wechat.plan_refund(refund.out_trade_no, "close")
            _tell(side, side.wechat.let_arrive(refund.out_refund_no))
    side.call_provider()


def _tell(side, report):
    notifications.take_in(side.open["payments"], "wechat", side.wechat.notifications[report[1]])


def _number(side, command):
    with side.open["payments"]() as work:
        payment = work.payments.find(command.payment_id)
    return payment.attempt_id.hex if payment and payment.attempt_id else ""


def _books_are_equal(sides):
    query = "SELECT code, sum(balance)::bigint FROM ledger_accounts GROUP BY code HAVING sum(balance) <> 0"
    with sides.memory.open["payments"]() as work:
        played = {code: balance for code, balance in work.ledger.balances().items() if balance}
    assert dict(sides.rows("payments", query)) == played
