"""What the platform's own people do."""

from gateway.route import OPERATOR, create, get, post, tagged
from gateway.schemas import operating as p
from gateway.schemas.accounts import NewShop, Shop
from gateway.schemas.lists import page_of

SUSPEND = "/operator/shops/{shop_id:uuid}/suspend"
PAYMENT = "/operator/payments/{payment_id:uuid}"

ROUTES = tagged(
    "Operating",
    create("/operator/shops", "users.open_shop", "Let somebody sell", body=NewShop, answers=Shop),
    post(SUSPEND, "users.suspend_shop", "Stop a shop from selling", answers=Shop),
    get("/operator/sagas", "orders.list_sagas", "Processes", query=p.SagaSearch, answers=page_of(p.Saga)),
    get("/operator/sagas/{saga_id:uuid}", "orders.get_saga", "One process's time line", answers=p.SagaTimeline),
    get("/operator/ledger/balance", "payments.trial_balance", "The trial balance", answers=p.TrialBalance),
    get(PAYMENT, "payments.payment_of", "Everything of a payment", answers=p.WholePayment),
    who=OPERATOR,
)
