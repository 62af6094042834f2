"""Payments, the ledger, refunds that need an operator, and unidentified money; notifications of providers."""

import re

from starlette.requests import Request
from starlette.responses import Response

from gateway import order_numbers
from gateway.bodies import ANY, decoded
from gateway.limits import Limit
from gateway.route import Json, Raw, get, post, tagged
from shared.contracts.orders.finding import FindOrders
from shared.contracts.payments import ledger
from shared.contracts.payments import requests as p
from shared.contracts.payments.finding import FindPayments

REFUND = "/operator/refunds/{refund_id:uuid}"
ACCOUNTS = "/operator/ledger/accounts"
UNIDENTIFIED = "/operator/unidentified/{unidentified_id:uuid}"


# Headers of the connection or a proxy, or credentials: no provider signs with them.
NOT_PASSED_ON = re.compile(
    r"accept(-.*)?|(proxy-)?authorization|connection|content-length|cookie|forwarded|host|user-agent"
    r"|x-api-key|x-forwarded-.*|x-real-ip"
)


def _notification(request: Request, body: bytes) -> Json:
    """The headers that may contain the signature, and the unchanged body."""
    headers = {name: text for name, text in request.headers.items() if not NOT_PASSED_ON.fullmatch(name)}
    return {"headers": headers, "body": decoded(body)}


def _acknowledged(_request: Request, received: Json) -> Response:
    """The response that the provider expects."""
    return Response(received["body"], media_type=received["media_type"])


NOTIFICATION = Raw(media_type=ANY, read=_notification, fields=("headers", "body"), answered=_acknowledged)

ROUTES = (
    tagged(
        "Checkout",
        get("/payment-methods", p.ListPaymentMethods, "List the payment methods"),
        get(
            "/checkouts/{checkout_id:uuid}/returned-money",
            p.ListReturnedMoney,
            "List the money that did not pay a checkout",
        ),
    )
    + tagged(
        "Operating",
        get("/operator/payment-methods", p.ListPaymentMethodDetails, "List payment methods with their providers"),
        get("/operator/ledger/balance", p.GetTrialBalance, "Show the trial balance"),
        get(ACCOUNTS, ledger.ListLedgerAccounts, "List the accounts of the ledger"),
        get(
            "/operator/ledger/accounts/{name}/entries", ledger.ListAccountEntries, "List the entries of an account"
        ),
        get("/operator/ledger/postings/{posting_id:uuid}", ledger.GetPosting, "Show a posting with its cause"),
        get(
            "/operator/payments",
            FindPayments,
            "Find a payment by a number",
            compose=order_numbers.find_payments,
            joins=(FindOrders.contract.method,),
        ),
        get("/operator/payments/{payment_id:uuid}", p.GetPaymentDetails, "Show a payment with all details"),
    )
    + tagged(
        "Refunds",
        get("/operator/refunds", p.ListStalledRefunds, "List the refunds that need an operator"),
        get(REFUND, p.GetRefund, "Show a refund with its attempts"),
        post(f"{REFUND}/retry", p.RetryRefund, "Retry a refund at the provider now"),
        post(f"{REFUND}/settle", p.SettleRefund, "Settle a refund by hand"),
        post(f"{REFUND}/confirm", p.ConfirmRefund, "Confirm a settlement as a second operator"),
        get("/operator/unidentified", p.ListUnidentified, "List unidentified money"),
        post(f"{UNIDENTIFIED}/assign", p.AssignUnidentified, "Assign unidentified money to its payment or refund"),
        post(f"{UNIDENTIFIED}/return", p.ReturnUnidentified, "Record the return of unidentified money"),
        post(f"{UNIDENTIFIED}/confirm", p.ConfirmUnidentified, "Confirm the return as a second operator"),
    )
    + tagged(
        "Callbacks",
        post(
            "/payments/{provider}/notifications",
            p.ReceiveProviderNotification,
            "Receive a notification of a payment provider",
            raw=NOTIFICATION,
            answers=None,
        ),
        limits=(Limit.CALLBACKS,),
    )
)
