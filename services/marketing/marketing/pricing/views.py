"""Quotes as contract views."""

from datetime import datetime
from uuid import UUID

from marketing.pricing.model.discounts import Allocation
from marketing.pricing.model.quotes import Quote, QuoteLine, ShippingLine, ShopQuote, ShopTerms
from marketing.pricing.model.reasons import Reason
from shared.contracts import marketing as contract
from shared.contracts.marketing import views
from shared.contracts.texts import AmountReason, BilingualText


def quote(shown: Quote, quote_id: UUID, expires_at: datetime, token: str, cart_version: int | None) -> views.Quote:
    """A quote with the signed token to order it."""
    return views.Quote(
        quote_id=quote_id,
        expires_at=expires_at,
        token=token,
        currency=shown.currency,
        zone=views.ShippingZone(shown.zone),
        benefits=shown.benefits,
        cart_version=cart_version,
        shops=tuple(map(_shop, shown.shops)),
        total=shown.total,
    )


def _shop(shown: ShopQuote) -> views.ShopQuote:
    return views.ShopQuote(
        shop_id=shown.shop_id,
        goods=shown.goods,
        discount=shown.discount,
        shipping=shown.shipping,
        total=shown.total,
        lines=tuple(map(_line, shown.lines)),
        shipping_line=_shipping(shown.shipping_line),
        why=tuple(map(_reason, shown.why)),
        terms=_terms(shown.terms) if shown.terms else None,
    )


def _line(shown: QuoteLine) -> views.QuoteLine:
    return views.QuoteLine(
        sku_id=shown.sku_id,
        product_id=shown.product_id,
        title=shown.title,
        options=shown.options,
        image=shown.image,
        category=shown.category,
        quantity=shown.quantity,
        unit_price=shown.unit_price,
        subtotal=shown.subtotal,
        discount=shown.discount,
        paid=shown.paid,
        allocations=tuple(map(_allocation, shown.allocations)),
        why=tuple(map(_reason, shown.why)),
    )


def _shipping(shown: ShippingLine) -> views.ShippingLine:
    return views.ShippingLine(
        subtotal=shown.subtotal,
        discount=shown.discount,
        paid=shown.paid,
        allocations=tuple(map(_allocation, shown.allocations)),
        why=tuple(map(_reason, shown.why)),
    )


def _allocation(shown: Allocation) -> contract.Allocation:
    return contract.Allocation(
        source=shown.source,
        source_id=shown.source_id,
        terms_version=shown.terms_version,
        shop=shown.shop,
        platform=shown.platform,
    )


def _terms(shown: ShopTerms) -> views.ShopTerms:
    return views.ShopTerms(
        discounts=tuple(views.DiscountTerms(threshold=each.threshold, off=each.off) for each in shown.discounts),
        shipping=views.ShippingTerms(fee=shown.shipping.fee, free_from=shown.shipping.free_from),
    )


def _reason(shown: Reason) -> AmountReason:
    text = BilingualText(zh=shown.text.zh, en=shown.text.en)
    return AmountReason(code=shown.code, text=text, amount=shown.amount)
