"""Builders with defaults."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from marketing.coupons.model.campaigns import Campaign, Terms
from marketing.coupons.model.coupons import Coupon, CouponState
from marketing.pricing.model.shipping import Zone
from marketing.pricing.model.state import Context, Price
from marketing.texts import Text
from shared.auth import Caller
from shared.contracts.catalog import ProductPublished, Sku
from shared.contracts.marketing import CouponBenefit
from shared.ids import new_id
from shared.money import Money
from shared.permissions import Role

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLACE = UUID("0f3c1f3a-6d1c-4d7b-9b1a-1d5a3a3f8c00")

STANDARD = Zone("standard", Money(800), Money(8800))
HUNDRED, TWENTY = Money(10000), Money(2000)
REMOTE = Zone("remote", Money(2000))


def named(name: str) -> UUID:
    """The same id for the same name, so that tests can write `named("TEAPOT")`."""
    return uuid5(PLACE, name)


def yuan(amount: float) -> Money:
    return Money(round(amount * 100))


def priced(name: str, amount: Money, shop: str = "TEA-HOUSE") -> Price:
    return Price(named(name), named(f"{name} product"), named(shop), name.title(), "", None, amount)


def terms(shop: str = "TEA-HOUSE", threshold: Money = HUNDRED, discount: Money = TWENTY) -> Terms:
    return Terms(named(shop), Text("满百减二十", "Twenty off a hundred"), threshold, discount)


def coupon(name: str = "GREEN-COUPON", **known) -> Coupon:
    about = {
        "coupon_id": named(name),
        "campaign_id": named("SPRING-SALE"),
        "user_id": named("MEI"),
        "state": CouponState.FREE,
        "checkout_id": None,
        "expires_at": NOON + timedelta(days=1),
        "terms": terms(),
    }
    return Coupon(**{**about, **known})


def known(shelf, coupons=(), zone=STANDARD, at=NOON, **more) -> Context:
    """The context of rules: list prices, and the coupons that the buyer uses."""
    benefits = benefits_of(each.coupon_id for each in coupons)
    return Context(
        **{"prices": shelf, "zone": zone, "at": at, "rights": {"coupon": coupons}, "benefits": benefits, **more}
    )


def benefits_of(coupon_ids) -> tuple[CouponBenefit, ...]:
    return tuple(CouponBenefit(coupon_id=each) for each in coupon_ids)


def campaign(at: datetime, **known) -> Campaign:
    """A campaign that is open at `at`."""
    about = {
        "campaign_id": new_id(),
        "terms": terms(),
        "total_limit": 1000,
        "per_person_limit": 100,
        "claimed": 0,
        "starts_at": at - timedelta(days=1),
        "ends_at": at + timedelta(days=1),
    }
    return Campaign(**{**about, **known})


def product(name: str, amount: Money, version: int = 1, shop: str = "TEA-HOUSE", **known) -> ProductPublished:
    sku = Sku(sku_id=named(name), code=name, options="", price=amount)
    about = {
        "product_id": named(f"{name} product"),
        "shop_id": named(shop),
        "version": version,
        "title": name.title(),
        "category": None,
        "image": f"/media/{name.lower()}.svg",
        "skus": (sku,),
    }
    return ProductPublished(**{**about, **known})


def shopper(name: str = "MEI") -> Caller:
    return Caller(user_id=named(name), session_id=new_id(), roles=frozenset({Role.SHOPPER}))


def merchant(shop: str = "TEA-HOUSE") -> Caller:
    roles = frozenset({Role.SHOPPER, Role.MERCHANT})
    return Caller(user_id=named("LAO WANG"), session_id=new_id(), roles=roles, shops=frozenset({named(shop)}))
