"""The actors in memory: two shops, two shoppers with a coupon each, and their requests to orders."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from catalog.stock.model.levels import Level
from marketing.coupons.model.campaigns import Terms
from marketing.coupons.model.coupons import Coupon, CouponState
from orders.aftersale.use_cases import cancellations, refunds
from orders.aftersale.use_cases import requests as refund_requests
from orders.checkout.model.quote import Quote, QuotedLine, QuotedShipping, QuotedShop
from orders.checkout.use_cases import cancelling, check_out
from orders.fulfilment import use_cases as fulfilment
from orders.fulfilment.model.parcel import ParcelState, Trace
from orders.fulfilment.model.states import Actor
from orders.fulfilment.model.terms import Allocation, Discount, Shipping
from orders.fulfilment.model.terms import Terms as OrderTerms
from shared.contracts.marketing import CouponBenefit
from shared.contracts.orders import requests, views
from shared.contracts.payments import Method
from shared.errors import Refusal
from shared.ids import new_id
from shared.money import Money
from tests.model.memory.world import NOON, World

OPENING = 4  # units of each SKU: few, so that they sell out
CUP, GIFT, SET = range(3)  # of the first shop, of the first shop and free, of the second shop
PRICES = (101, 0, 4990)
OFF, FEE = 33, 500  # the coupon takes 33 off the cups; shipping of the second shop costs 500


@dataclass
class People:
    """`checkouts`, `orders`, `refunds` and `parcels` are the ids of what they created."""

    world: World
    skus: list[UUID] = field(default_factory=list)
    shoppers: list[UUID] = field(default_factory=list)
    coupons: list[UUID] = field(default_factory=list)
    checkouts: list[UUID] = field(default_factory=list)
    refunds: list[UUID] = field(default_factory=list)
    parcels: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.shops = [new_id(), new_id()]
        with self.world.databases["catalog"].begin() as rows:
            for shop in (self.shops[0], self.shops[0], self.shops[1]):
                self._list_products(rows, shop)
        with self.world.databases["marketing"].begin() as rows:
            for _ in range(2):
                self._add_shoppers(rows)

    @property
    def orders(self) -> list[UUID]:
        return [order.order_id for order in self.world.rows("orders", "orders")]

    def buy(self, who: int, quantities: tuple[int, int, int], method: Method, *, coupon: bool) -> None:
        """Quote and check out."""
        coupon = coupon and quantities[CUP] > 0
        shops = [
            self._shop(0, (CUP, GIFT), quantities, OFF if coupon else 0),
            self._shop(1, (SET,), quantities, 0),
        ]
        bought = [shop for shop in shops if shop]
        if not bought:
            return
        quote = Quote(
            quote_id=new_id(),
            buyer_id=self.shoppers[who],
            currency="CNY",
            zone="near",
            benefits=(CouponBenefit(coupon_id=self.coupons[who]),) if coupon else (),
            total=sum(shop.total for shop in bought),
            shops=bought,
        )
        with self.world.open["orders"]() as work:
            placed, _ = check_out.place(work, quote, a_request(method))
            self.checkouts.append(placed.checkout_id)

    def cancels_checkout(self, checkout_id: UUID) -> None:
        with self.world.open["orders"]() as work:
            cancelling.cancel(work, checkout_id)

    def cancels(self, order_id: UUID) -> None:
        self._with(order_id, lambda work, o: cancellations.by_shopper(work, o, "不要了"))

    def accepts(self, order_id: UUID) -> None:
        self._with(order_id, lambda work, o: fulfilment.accept(work, o, Actor.MERCHANT))

    def refuses(self, order_id: UUID) -> None:
        self._with(order_id, lambda work, o: cancellations.by_shop(work, o, Actor.MERCHANT, "缺货"))

    def ships(self, order_id: UUID, units: int) -> None:
        """Send this many units of the first line, or with 0 all that is left."""
        number = str(new_id())

        def ship(work, order):
            lines = (requests.Pieces(line_id=order.lines[0].line_id, quantity=units),) if units else ()
            wanted = requests.ShipOrder(
                order_id=order_id, carrier="sf-express", tracking_number=number, lines=lines
            )
            fulfilment.ship(work, order, wanted, Actor.MERCHANT)
            self.parcels.append(number)

        self._with(order_id, ship)

    def carrier_delivers(self, number: str) -> None:
        with self.world.open["orders"]() as work:
            fulfilment.record_report(work, "sf-express", number, Trace(at=work.now, event=ParcelState.DELIVERED))

    def requests_refund(self, order_id: UUID, units: int) -> None:
        """For this many units of the first line, or with 0 for all that is left."""

        def request(work, order):
            wanted = [(order.lines[0].line_id, units)] if units else None
            self.refunds.append(refund_requests.request(work, order, a_refund(order, wanted)).refund_id)

        self._with(order_id, request)

    def decides(self, refund_id: UUID, *, granted: bool) -> None:
        with self.world.open["orders"]() as work:
            wanted = work.refunds.get(refund_id)
            if wanted is None:
                return  # the process that requested it died before the commit
            order = work.orders.lock(wanted.order_id)
            if granted:
                refund_requests.grant(work, order, wanted, Actor.MERCHANT)
            else:
                refunds.refuse(work, order, wanted)

    def _with(self, order_id: UUID, action) -> None:
        with self.world.open["orders"]() as work:
            action(work, work.orders.lock(order_id))

    def _shop(
        self, at: int, skus: tuple[int, ...], quantities: tuple[int, int, int], off: int
    ) -> QuotedShop | None:
        lines = [self._line(sku, quantities[sku], off if sku == CUP else 0) for sku in skus if quantities[sku]]
        goods, fee = sum(line.subtotal for line in lines), FEE * at
        if not lines:
            return None
        total = goods - off + fee
        return QuotedShop(
            shop_id=self.shops[at],
            goods=goods,
            discount=off,
            shipping=fee,
            total=total,
            lines=lines,
            shipping_line=QuotedShipping(paid=fee, allocations=()),
            terms=OrderTerms(
                shipping=Shipping(fee=fee), discounts=(Discount(threshold=2 * PRICES[CUP], off=off),)
            ),
        )

    def _line(self, sku: int, quantity: int, off: int) -> QuotedLine:
        subtotal = PRICES[sku] * quantity
        return QuotedLine(
            sku_id=self.skus[sku],
            product_id=self.skus[sku],
            title=f"茶杯 {sku}",
            options="",
            quantity=quantity,
            unit_price=PRICES[sku],
            subtotal=subtotal,
            discount=off,
            paid=subtotal - off,
            allocations=(_of_coupon(off),) if off else (),
            why=[],
        )

    def _list_products(self, rows, shop_id: UUID) -> None:
        sku_id = new_id()
        self.skus.append(sku_id)
        level = Level(sku_id=sku_id, product_id=sku_id, shop_id=shop_id, on_hand=OPENING, reserved=0)
        rows.put("stock", sku_id, level)

    def _add_shoppers(self, rows) -> None:
        shopper, coupon_id = new_id(), new_id()
        self.shoppers.append(shopper)
        self.coupons.append(coupon_id)
        terms = Terms(shop_id=self.shops[0], name={"zh": "满减"}, threshold=Money(100), discount=Money(OFF))
        coupon = Coupon(coupon_id, new_id(), shopper, CouponState.FREE, None, NOON + timedelta(days=900), terms)
        rows.put("coupons", coupon_id, coupon)


def _of_coupon(off: int) -> Allocation:
    return Allocation(source="coupon", source_id=new_id(), terms_version=1, shop=off, platform=0)


def a_refund(order, wanted) -> requests.RequestRefund:
    """A request for (line id, quantity) pairs, or with None for all that is left."""
    lines = tuple(requests.Pieces(line_id=line_id, quantity=units) for line_id, units in wanted or ())
    return requests.RequestRefund(order_id=order.order_id, lines=lines, whole=not lines, reason_text="破了")


def a_request(method: Method) -> requests.CheckOut:
    return requests.CheckOut(
        quote_token="",
        address=requests.DeliveryAddress(province="浙江省", city="杭州市", street="北山街 84 号"),
        contact=views.Contact(name="周静", phone="13800138000"),
        payment_method=method,
    )


def attempt(action, *known, **more) -> bool:
    """Do it if possible now; any error but a refusal is raised."""
    try:
        action(*known, **more)
    except Refusal:
        return False
    return True
