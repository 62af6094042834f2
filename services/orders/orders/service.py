"""The orders service, composed of its modules."""

from orders.aftersale.endpoints import AfterSale
from orders.auditing import AuditQueries
from orders.carts.endpoints import Carts
from orders.checkout import tokens
from orders.checkout.endpoints import Checkouts
from orders.erasing import Erasing
from orders.figures.endpoints import Figures
from orders.finding import OrderFinding
from orders.fulfilment import carriers
from orders.fulfilment.endpoints import Fulfilment
from orders.retention import RULES
from orders.sagas import SAGAS
from orders.work import Work
from shared.audited import Audited
from shared.contracts.users import SendMessage
from shared.db import Database
from shared.operated import Operated
from shared.retained import Retention
from shared.sagas import Sagas
from shared.sagas.audited import AuditedSagas
from shared.sagas.messages import saga_messages
from shared.sagas.operated import OperatedSagas


class OrdersService(
    Carts,
    Checkouts,
    Fulfilment,
    AfterSale,
    Figures,
    OrderFinding,
    Erasing,
    AuditQueries,
    Operated,
    OperatedSagas,
    Audited,
    AuditedSagas,
):
    """Carts, checkouts, orders per shop, shipments, refunds, and the sagas that carry them out."""

    name = "orders"
    sends = (SendMessage,)  # in addition to the commands of its sagas
    secrets = (carriers.known, tokens.read_key)
    work = Database(Work)
    retention = Retention(RULES)
    sagas = Sagas(Work, *SAGAS)
    on_saga_message = saga_messages(*SAGAS)
