"""Claims of quotes as marketing signs them, by default of two cups from one shop."""

from datetime import UTC, datetime, timedelta

from shared.ids import new_id

ADDRESS = {"province": "浙江省", "city": "杭州市", "street": "北山街 84 号"}
CONTACT = {"name": "周静", "phone": "13800138000"}


def a_quoted_line(*, quantity=2, unit_price=4990, discount=0):
    ids = {"sku_id": str(new_id()), "product_id": str(new_id())}
    money = {"unit_price": unit_price, "subtotal": unit_price * quantity, "discount": discount}
    why = [{"code": "list_price", "text": {"zh": "标价", "en": "list price"}, "amount": unit_price * quantity}]
    paid = unit_price * quantity - discount
    frozen = {"allocations": [an_allocation(discount)] if discount else [], "why": why}
    return {**ids, **money, "title": "青瓷茶杯", "options": "", "quantity": quantity, "paid": paid, **frozen}


def an_allocation(shop, platform=0):
    """A discount of a campaign, in minor units."""
    source = {"source": "coupon", "source_id": str(new_id()), "terms_version": 1}
    return {**source, "shop": shop, "platform": platform}


def a_shipping_line(paid, *allocations):
    discount = sum(each["shop"] + each["platform"] for each in allocations)
    money = {"subtotal": paid + discount, "discount": discount, "paid": paid}
    return {"kind": "shipping", **money, "allocations": list(allocations), "why": []}


def a_quoted_shop(*lines, shop_id=None, shipping=800, **rest):
    lines = list(lines) or [a_quoted_line()]
    goods, discount = sum(li["subtotal"] for li in lines), sum(li["discount"] for li in lines)
    total = goods - discount + shipping
    money = {"goods": goods, "discount": discount, "shipping": shipping, "total": total}
    charged = {"lines": lines, "shipping_line": a_shipping_line(shipping)}
    return {"shop_id": str(shop_id or new_id()), **money, **charged, **rest}


def a_quote(buyer, *shops, expires_in=timedelta(minutes=15), **rest):
    shops = list(shops) or [a_quoted_shop()]
    now = datetime.now(UTC)
    about = {"iss": "jishi-quote", "iat": now, "exp": now + expires_in, "currency": "CNY", "zone": "standard"}
    ids = {"quote_id": str(new_id()), "buyer_id": str(buyer.user_id), "benefits": []}
    return {**about, **ids, "total": sum(shop["total"] for shop in shops), "shops": shops, **rest}


def a_benefit(coupon_id=None):
    return {"kind": "coupon", "coupon_id": str(coupon_id or new_id())}


def a_request(token, **rest):
    known = {"address": ADDRESS, "contact": CONTACT, "payment_method": "wechat", "idempotency_key": str(new_id())}
    return {"quote_token": token, **known, **rest}
