"""The doors of a world's services, as the auditor reaches them: without a broker."""

import json

from auditor import coupons, ledger, lines, money, stock, sums
from auditor.queries import pages
from shared.auth import Caller
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import service
from tests.model.world import SERVICES

AUDITOR = Caller(new_id(), new_id(), frozenset({Role.AUDITOR}))
# Messages stay in the outboxes here, as nobody relays them: the auditor's own tests look at those.
CHECKS = [*stock.CHECKS, *ledger.CHECKS, *money.CHECKS, *lines.CHECKS, *sums.CHECKS, *coupons.CHECKS]


class WorldQueries:
    """What a service says when it is asked goes onto the pile of its world."""

    def __init__(self, world):
        self.world = world

    def call(self, method, request):
        name, _, door = method.partition(".")
        shell = service(SERVICES[name][0], self.world.open[name])
        answer = getattr(shell, door)(AUDITOR, json.loads(json.dumps(request)))
        self.world.collect(name)
        return json.loads(json.dumps(answer))

    def pages(self, method, **request):
        return pages(self, method, request)
