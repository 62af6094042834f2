"""Payments, the ledger, refunds that need a person and unidentified money; the notifications of WeChat Pay."""

from starlette.requests import Request

from gateway.bodies import decoded
from gateway.limits import Limit
from gateway.route import Json, Raw, get, post, tagged
from shared.contracts.payments import requests as p

REFUND = "/operator/refunds/{refund_id:uuid}"
UNIDENTIFIED = "/operator/unidentified/{unidentified_id:uuid}"


def _notification(request: Request, body: bytes) -> Json:
    """The headers that sign it, and the body to the byte."""
    signed = {name: text for name, text in request.headers.items() if name.startswith("wechatpay-")}
    return {"headers": signed, "body": decoded(body)}


NOTIFICATION = Raw(media_type="application/json", given=_notification, gives=("headers", "body"))

ROUTES = (
    tagged(
        "Operating",
        get("/operator/ledger/balance", p.GetTrialBalance, "Show the trial balance"),
        get("/operator/payments/{payment_id:uuid}", p.GetPaymentDetails, "Show everything of a payment"),
    )
    + tagged(
        "Refunds",
        get("/operator/refunds", p.ListStalledRefunds, "List the refunds that need a person"),
        get(REFUND, p.GetRefund, "Show a refund with its attempts"),
        post(f"{REFUND}/retry", p.RetryRefund, "Ask the provider again at once"),
        post(f"{REFUND}/settle", p.SettleRefund, "Settle a refund by hand"),
        post(f"{REFUND}/confirm", p.ConfirmRefund, "Confirm a settlement as a second operator"),
        get("/operator/unidentified", p.ListUnidentified, "List unidentified money"),
        post(f"{UNIDENTIFIED}/assign", p.AssignUnidentified, "Assign unidentified money to what explains it"),
        post(f"{UNIDENTIFIED}/return", p.ReturnUnidentified, "Record that unidentified money went back"),
        post(f"{UNIDENTIFIED}/confirm", p.ConfirmUnidentified, "Confirm its return as a second operator"),
    )
    + tagged(
        "Callbacks",
        post(
            "/payments/wechat/notifications",
            p.ReceiveWechatNotification,
            "Receive a notification of WeChat Pay",
            raw=NOTIFICATION,
        ),
        limits=(Limit.CALLBACKS,),
    )
)
