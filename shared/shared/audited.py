"""The auditor's doors that every service has: what it has said, listens to and handled."""

from typing import Any

from shared import traffic
from shared.auth import Caller, Role
from shared.db import OpenWork
from shared.listening import Listening
from shared.rpc import rpc

Json = dict[str, Any]


class Audited:
    """To be inherited by a service with `work = Database(…)`."""

    name: str
    work: OpenWork[Any]
    listening = Listening()

    @rpc(allow=Role.AUDITOR)
    def audit_sent(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return traffic.said(work, request)

    @rpc(allow=Role.AUDITOR)
    def audit_unsent(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return traffic.unsent(work, request)

    @rpc(allow=Role.AUDITOR)
    def audit_listens(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return traffic.listens(work)

    @rpc(allow=Role.AUDITOR)
    def audit_handled(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return traffic.unhandled(work, request)

    @rpc(allow=Role.AUDITOR)
    def audit_dead_letters(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return traffic.dead_letters(work, request)
