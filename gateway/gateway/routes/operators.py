"""What the platform's own people do."""

from gateway import every_service
from gateway.route import OPERATOR, create, delete, get, post, tagged
from gateway.schemas import accounts as a
from gateway.schemas import operating as p
from gateway.schemas import refunds as r
from gateway.schemas.lists import Page, page_of

SHOP = "/operator/shops/{shop_id:uuid}"
INVITATION = f"{SHOP}/invitation"
INVITED = {"body": a.Owner, "answers": a.NewInvitation}
PAYMENT = "/operator/payments/{payment_id:uuid}"
REPORTS = "/operator/carrier-reports"
REFUNDS = "/operator/refunds"
REFUND = f"{REFUNDS}/{{refund_id:uuid}}"
REASONED = {"body": p.Reason, "answers": r.OperatedRefund}
UNIDENTIFIED = "/operator/unidentified"
UNEXPLAINED = f"{UNIDENTIFIED}/{{unidentified_id:uuid}}"
SAGA = "/operator/sagas/{saga_id:uuid}"
CLICK = {"body": p.Button, "answers": p.Saga, "keyed": True}
LETTERS = "/operator/dead-letters"
LETTER = "/operator/dead-letters/{service}/{letter_id:uuid}"
LISTED = every_service.all_or_one("list_dead_letters", "letter_id")
LOGGED = every_service.all_or_one("operator_log", "entry_id")
SHOWN = every_service.one("get_dead_letter")
RETRIED = every_service.one("retry_dead_letter")
ARCHIVED = every_service.one("archive_dead_letter")
ALL_RETRIED = every_service.one("retry_dead_letters")

ROUTES = (
    tagged(
        "Operating",
        get(
            "/operator/shops",
            "users.list_all_shops",
            "All shops",
            query=a.AllShops,
            answers=page_of(a.InvitedShop),
        ),
        create("/operator/shops", "users.open_shop", "Open a shop", body=a.NewShop, answers=a.OpenedShop),
        create(INVITATION, "users.invite_owner", "Replace the invitation to own a shop", **INVITED),
        delete(INVITATION, "users.revoke_invitation", "Revoke the invitation to own a shop"),
        post(f"{SHOP}/suspend", "users.suspend_shop", "Stop a shop from selling", answers=a.Shop),
        post(f"{SHOP}/restore", "users.restore_shop", "Let a suspended shop sell again", answers=a.Shop),
        get("/operator/ledger/balance", "payments.trial_balance", "The trial balance", answers=p.TrialBalance),
        get(
            REPORTS,
            "orders.list_carrier_reports",
            "List the carriers' reports that fit several parcels",
            query=Page,
            answers=page_of(p.CarrierReport),
        ),
        post(
            f"{REPORTS}/{{report_id:uuid}}/decide",
            "orders.decide_carrier_report",
            "Decide which parcel a carrier's report is about",
            body=p.ReportDecision,
            status=204,
        ),
        get(PAYMENT, "payments.payment_of", "Everything of a payment", answers=p.WholePayment),
        who=OPERATOR,
    )
    + tagged(
        "Refunds",
        get(
            REFUNDS,
            "payments.list_stalled_refunds",
            "List the refunds that need a person",
            query=Page,
            answers=page_of(r.OperatedRefund),
        ),
        get(REFUND, "payments.get_refund", "Show a refund with its attempts", answers=r.OperatedRefund),
        post(f"{REFUND}/retry", "payments.retry_refund", "Ask the provider again at once", **REASONED),
        post(
            f"{REFUND}/settle",
            "payments.settle_refund",
            "Settle a refund by hand",
            body=r.ByHand,
            answers=r.OperatedRefund,
        ),
        post(
            f"{REFUND}/confirm",
            "payments.confirm_refund",
            "Confirm a settlement as a second person",
            body=r.ByHand,
            answers=r.OperatedRefund,
        ),
        get(
            UNIDENTIFIED,
            "payments.list_unidentified",
            "List money that no payment or refund explains",
            query=Page,
            answers=page_of(r.Unidentified),
        ),
        post(
            f"{UNEXPLAINED}/assign",
            "payments.assign_unidentified",
            "Assign it to what it was",
            body=r.Assignment,
            status=204,
        ),
        post(
            f"{UNEXPLAINED}/return",
            "payments.return_unidentified",
            "Record that it went back, or is written off",
            body=r.ByHand,
            status=204,
        ),
        post(
            f"{UNEXPLAINED}/confirm",
            "payments.confirm_unidentified",
            "Confirm that it went back as a second person",
            body=r.ByHand,
            status=204,
        ),
        who=OPERATOR,
    )
    + tagged(
        "Sagas",
        get("/operator/sagas", "orders.list_sagas", "Processes", query=p.SagaSearch, answers=page_of(p.Saga)),
        get(SAGA, "orders.get_saga", "One process's time line", answers=p.SagaTimeline),
        post(f"{SAGA}/resume", "orders.resume_saga", "Ask the present question again", **CLICK),
        post(f"{SAGA}/skip", "orders.skip_saga", "The present step was seen to by other means: go on", **CLICK),
        post(f"{SAGA}/cancel", "orders.cancel_saga", "Undo it, before its point of no return", **CLICK),
        who=OPERATOR,
    )
    + tagged(
        "Dead letters",
        get(
            LETTERS,
            summary="Messages that could not be handled",
            query=p.LetterSearch,
            answers=p.Letters,
            **LISTED,
        ),
        get(LETTER, summary="One of them, with its cause", answers=p.WholeLetter, **SHOWN),
        post(f"{LETTER}/retry", summary="Try it again", body=p.Remark, answers=p.WholeLetter, **RETRIED),
        post(f"{LETTER}/archive", summary="Put it away", body=p.Reason, answers=p.WholeLetter, **ARCHIVED),
        post(
            f"{LETTERS}/{{service}}/retry",
            summary="Try all of a kind again",
            body=p.LettersToRetry,
            answers=p.LettersRetried,
            keyed=True,
            **ALL_RETRIED,
        ),
        get("/operator/log", summary="Who did what, and why", query=p.LogSearch, answers=p.Log, **LOGGED),
        who=OPERATOR,
    )
)
