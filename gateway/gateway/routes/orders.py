"""Checkouts, orders and refunds, for shoppers and shops; carriers; sagas, for operators."""

from starlette.requests import Request

from gateway import composed, composing, new_checkouts
from gateway.admission import Step
from gateway.bodies import decoded
from gateway.config import KIB
from gateway.limits import Limit
from gateway.route import Json, Raw, Stream, create, get, post, put, tagged
from shared.contracts.orders import figures
from shared.contracts.orders import requests as o
from shared.contracts.orders.finding import FindOrders
from shared.contracts.sagas import requests as s

CHECKOUT = "/checkouts/{checkout_id:uuid}"
ORDER = "/orders/{order_id:uuid}"
SHOP_ORDER = "/merchant/orders/{order_id:uuid}"
SHOP = "/merchant/shops/{shop_id:uuid}"
REFUND = "/merchant/refunds/{refund_id:uuid}"
REPORTS = "/operator/carrier-reports"
SAGA = "/operator/sagas/{saga_id:uuid}"
OVER = {"completed", "cancelled"}
SIGNATURE = "X-Carrier-Signature"
PAID = {"compose": composing.checkout, "joins": ("payments.get_payment",), "answers": composed.PaidCheckout}


def _checkout_ids(checkout: Json) -> set[str]:
    return {checkout["checkout_id"], *(order["order_id"] for order in checkout["orders"])}


def _carrier_event(request: Request, body: bytes) -> Json:
    """The signature header, and the unchanged body."""
    return {"signature": request.headers.get(SIGNATURE, ""), "body": decoded(body)}


EVENT = Raw(media_type="application/json", read=_carrier_event, fields=("signature", "body"))
CHECKOUT_STREAM = Stream(
    wakes_on=_checkout_ids, is_final=lambda checkout: all(each["state"] in OVER for each in checkout["orders"])
)
ORDER_STREAM = Stream(wakes_on=lambda order: {order["order_id"]}, is_final=lambda order: order["state"] in OVER)

ROUTES = [
    *tagged(
        "Checkout",
        create(
            "/checkouts",
            o.CheckOut,
            "Place an order from a quote",
            most=320 * KIB,
            step=Step.CHECK_OUT,
            noted=new_checkouts.placed,
        ),
        get("/checkouts", o.ListCheckouts, "List my checkouts"),
        get(CHECKOUT, o.GetCheckout, "Show a checkout and its payment", **PAID),
        post(f"{CHECKOUT}/cancel", o.CancelCheckout, "Cancel a checkout"),
        get(f"{CHECKOUT}/stream", o.GetCheckout, "Follow a checkout", stream=CHECKOUT_STREAM, **PAID),
    ),
    *tagged(
        "Orders",
        get("/orders", o.ListOrders, "List my orders"),
        get(ORDER, o.GetOrder, "Show an order"),
        post(f"{ORDER}/cancel", o.CancelOrder, "Cancel an order"),
        post(f"{ORDER}/receive", o.ReceiveOrder, "Confirm that an order has arrived"),
        get(f"{ORDER}/stream", o.GetOrder, "Follow an order", stream=ORDER_STREAM),
        create(f"{ORDER}/refunds", o.RequestRefund, "Request a refund"),
        post(f"{ORDER}/refunds/preview", o.PreviewRefund, "Preview the amount of a refund"),
        get(f"{ORDER}/refunds", o.ListRefunds, "List the refunds of an order"),
        get("/refunds", o.ListOwnRefunds, "List my refunds"),
        get("/me/order-counts", figures.GetOrderCounts, "Count what I have open"),
        get("/carriers", o.ListCarriers, "List the carriers"),
    ),
    *tagged(
        "A shop's orders",
        get("/merchant/orders", o.ListShopOrders, "List a shop's orders"),
        get(f"{SHOP}/order-counts", figures.GetShopOrderCounts, "Count what waits for a shop"),
        get(f"{SHOP}/sales", figures.GetShopSales, "Show a shop's sales by day"),
        get(SHOP_ORDER, o.GetShopOrder, "Show an order of a shop"),
        post(f"{SHOP_ORDER}/accept", o.AcceptOrder, "Accept an order"),
        post(f"{SHOP_ORDER}/refuse", o.RefuseOrder, "Refuse an order"),
        post(f"{SHOP_ORDER}/ship", o.ShipOrder, "Ship a parcel"),
        get("/merchant/refunds", o.ListShopRefunds, "List a shop's refunds"),
        post(f"{REFUND}/approve", o.ApproveRefund, "Approve a refund"),
        post(f"{REFUND}/refuse", o.RefuseRefund, "Refuse a refund"),
        get("/shops/{shop_id:uuid}/refund-policy", o.GetRefundPolicy, "Show a shop's refund policy"),
        put(f"{SHOP}/refund-policy", o.SetRefundPolicy, "Set a shop's refund policy"),
    ),
    *tagged(
        "Operating",
        get("/operator/orders", FindOrders, "Find an order by its number"),
        get(REPORTS, o.ListCarrierReports, "List carrier reports that match several parcels"),
        post(
            f"{REPORTS}/{{report_id:uuid}}/decide",
            o.DecideCarrierReport,
            "Assign a carrier report to a parcel",
        ),
    ),
    *tagged(
        "Sagas",
        get("/operator/orders/{number}", o.FindOrder, "Show an order with its sagas"),
        get("/operator/sagas", s.ListSagas, "List sagas", rpc_method="orders.list_sagas"),
        get(SAGA, s.GetSaga, "Show a saga with its time line", rpc_method="orders.get_saga"),
        post(f"{SAGA}/resume", s.ResumeSaga, "Resume a saga", rpc_method="orders.resume_saga"),
        post(f"{SAGA}/skip", s.SkipSaga, "Skip the current step of a saga", rpc_method="orders.skip_saga"),
        post(f"{SAGA}/cancel", s.CancelSaga, "Cancel a saga before its pivot", rpc_method="orders.cancel_saga"),
    ),
    *tagged(
        "Callbacks",
        post(
            "/carriers/{carrier}/events",
            o.RecordCarrierEvent,
            "Record a carrier's report about a parcel",
            raw=EVENT,
            most=16 * KIB,
        ),
        limits=(Limit.CALLBACKS,),
    ),
]
