"""The marketing service, composed of its modules."""

from marketing.auditing import AuditQueries
from marketing.benefits.endpoints import Benefits
from marketing.coupons.endpoints import Coupons
from marketing.erasing import Erasing
from marketing.pricing import tokens
from marketing.pricing.endpoints import Pricing
from marketing.retention import RULES
from marketing.work import Work
from shared.audited import Audited
from shared.db import Database
from shared.operated import Operated
from shared.retained import Retention


class MarketingService(Pricing, Coupons, Benefits, Erasing, AuditQueries, Operated, Audited):
    """Quotes, campaigns, coupons, and the benefits of checkouts."""

    name = "marketing"
    secrets = (tokens.read_key,)

    work = Database(Work)
    retention = Retention(RULES)
