"""The auditor's doors that every service has: what it has said, listens to and handled, and sending once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from shared import message_log, proven, shapes
from shared.audit_changes import Changed, changes
from shared.auth import Caller
from shared.db import OpenWork
from shared.permissions import Role
from shared.resending import resend
from shared.rpc import rpc
from shared.subscriptions import Subscriptions

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Resend:
    """A message, and the service that lacks it."""

    message_id: UUID
    to: str = shapes.text(40)


class Audited:
    """To be inherited by a service with `work = Database(…)`."""

    name: str
    work: OpenWork[Any]
    listening = Subscriptions()
    changed: Mapping[str, Changed] = MappingProxyType({})  # the tables whose changes are shown

    @rpc(allow=Role.AUDITOR)
    def audit_changes(self, _caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return changes(work, self.changed, request)

    @rpc(allow=Role.AUDITOR)
    def audit_proven(self, _caller: Caller, request: Json) -> Json:
        with self.work() as work:
            proven.note(work.connection, request)
        return {}

    @rpc(allow=Role.AUDITOR)
    def audit_sent(self, _caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return message_log.published(work, request)

    @rpc(allow=Role.AUDITOR)
    def audit_unsent(self, _caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return message_log.unsent(work, request)

    @rpc(allow=Role.AUDITOR)
    def audit_subscriptions(self, _caller: Caller, _request: Json) -> Json:
        with self.work() as work:
            return message_log.subscriptions(work)

    @rpc(allow=Role.AUDITOR)
    def audit_handled(self, _caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return message_log.unhandled(work, request)

    @rpc(allow=Role.AUDITOR)
    def audit_dead_letters(self, _caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return message_log.dead_letters(work, request)

    @rpc(allow=Role.AUDITOR)
    def resend(self, caller: Caller, request: Json) -> Json:
        wanted = shapes.load(Resend, request)
        with self.work() as work:
            return {"repaired": resend(work, self.name, wanted.message_id, wanted.to, str(caller.account))}
