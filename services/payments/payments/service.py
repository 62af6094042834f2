"""The service payments: its modules, provider registry and workers."""

from payments.auditing import AuditQueries
from payments.erasing import Erasing
from payments.ledger.endpoints import Ledger
from payments.providers.cash_on_delivery import CASH_ON_DELIVERY
from payments.providers.dependency import PaymentProviders
from payments.providers.endpoints import Providers
from payments.providers.nothing import NOTHING
from payments.providers.registry import Registry
from payments.providers.wechat import WECHAT
from payments.refunding.endpoints import Refunding
from payments.refunding.use_cases.provider_calls import PROCEDURES as REFUND_CALLS
from payments.retention import RULES
from payments.taking.endpoints import Taking
from payments.taking.use_cases.provider_calls import PROCEDURES as PAYMENT_CALLS
from payments.work import Work
from shared.audited import Audited
from shared.db import Database
from shared.operated import Operated
from shared.provider_calls.worker import ProviderCallWorker
from shared.retained import Retention

PROCEDURES = {**PAYMENT_CALLS, **REFUND_CALLS}


class PaymentsService(Taking, Refunding, Ledger, Providers, Erasing, AuditQueries, Operated, Audited):
    """Takes payments, refunds them, and keeps the ledger."""

    name = "payments"

    work = Database(Work)
    retention = Retention(RULES)
    providers = PaymentProviders(Work, Registry(WECHAT, CASH_ON_DELIVERY, NOTHING))
    worker = ProviderCallWorker("payments", PROCEDURES)
