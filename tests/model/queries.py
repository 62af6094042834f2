"""The audit queries of a world's services, without a broker."""

import json

from auditor import coupons, ledger, lines, money, stock, sums
from auditor.queries import pages
from shared.auth import Caller
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import service
from tests.model.world import SERVICES

AUDITOR = Caller(new_id(), new_id(), frozenset({Role.AUDITOR}))
# There is no relay here, so messages remain in the outboxes: the auditor's own tests check those queries.
CHECKS = [*stock.CHECKS, *ledger.CHECKS, *money.CHECKS, *lines.CHECKS, *sums.CHECKS, *coupons.CHECKS]


class WorldQueries:
    """Messages that a service publishes while it answers are in transit in its world."""

    def __init__(self, world):
        self.world = world

    def call(self, method, request):
        name, _, query = method.partition(".")
        shell = service(SERVICES[name][0], self.world.open[name])
        answer = getattr(shell, query)(AUDITOR, json.loads(json.dumps(request)))
        self.world.collect(name)
        return json.loads(json.dumps(answer))

    def pages(self, method, **request):
        return pages(self, method, request)
