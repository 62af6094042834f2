"""Callbacks of others' systems. Who they are says the signature over the body, which the service checks."""

from starlette.requests import Request

from gateway.bodies import decoded
from gateway.config import KIB
from gateway.limits import Limit
from gateway.route import Json, Raw, get, post, tagged
from gateway.schemas.lists import page_of
from gateway.schemas.operating import Received
from gateway.schemas.orders import Carrier

SIGNATURE = "X-Carrier-Signature"


def _carriers(request: Request, body: bytes) -> Json:
    return {"signature": request.headers.get(SIGNATURE, ""), "body": decoded(body)}


def _wechats(request: Request, body: bytes) -> Json:
    signed = {name: text for name, text in request.headers.items() if name.startswith("wechatpay-")}
    return {"headers": signed, "body": decoded(body)}


ROUTES = tagged(
    "Orders", get("/carriers", "orders.list_carriers", "List the carriers", answers=page_of(Carrier))
) + tagged(
    "Callbacks",
    post(
        "/carriers/{carrier}/events",
        "orders.carrier_event",
        "A parcel was seen",
        raw=Raw(media_type="application/json", given=_carriers),
        most=16 * KIB,
        status=204,
    ),
    post(
        "/payments/wechat/notifications",
        "payments.wechat_notification",
        "WeChat Pay tells of a payment",
        raw=Raw(media_type="application/json", given=_wechats),
        answers=Received,
    ),
    limits=(Limit.CALLBACKS,),
)
