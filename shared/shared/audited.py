"""The audit queries that every service answers about its messages, subscriptions and changes, and `resend`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shared import message_log, proven
from shared.audit_changes import Changed, changes
from shared.auth import Caller
from shared.contracts.auditing.requests import (
    AuditChanges,
    AuditDeadLetters,
    AuditHandled,
    AuditProven,
    AuditSent,
    AuditSubscriptions,
    AuditUnsent,
    Resend,
)
from shared.contracts.auditing.views import AuditPage, ChangesPage, Documents, OutboxPage, Repaired, SentPage
from shared.db import OpenWork
from shared.entrypoints import answers
from shared.resending import resend
from shared.subscriptions import Subscriptions
from shared.work import Work


class Audited:
    """Mixin for a service with `work = Database(…)`."""

    name: str
    work: OpenWork[Any]
    subscriptions = Subscriptions()
    changed: Mapping[str, Changed] = MappingProxyType({})  # the tables whose changes the auditor can query

    @answers(AuditChanges)
    def audit_changes(self, work: Work, _caller: Caller, request: AuditChanges) -> ChangesPage:
        return changes(work, self.changed, request)

    @answers(AuditProven)
    def audit_proven(self, work: Work, _caller: Caller, request: AuditProven) -> None:
        proven.note(work.connection, request)

    @answers(AuditSent)
    def audit_sent(self, work: Work, _caller: Caller, request: AuditSent) -> SentPage:
        return message_log.published(work, request)

    @answers(AuditUnsent)
    def audit_unsent(self, work: Work, _caller: Caller, request: AuditUnsent) -> OutboxPage:
        return message_log.unsent(work, request)

    @answers(AuditSubscriptions)
    def audit_subscriptions(self, work: Work, _caller: Caller, _request: AuditSubscriptions) -> Documents:
        return message_log.subscriptions(work)

    @answers(AuditHandled)
    def audit_handled(self, work: Work, _caller: Caller, request: AuditHandled) -> Documents:
        return message_log.unhandled(work, request)

    @answers(AuditDeadLetters)
    def audit_dead_letters(self, work: Work, _caller: Caller, request: AuditDeadLetters) -> AuditPage:
        return message_log.dead_letters(work, request)

    @answers(Resend)
    def resend(self, work: Work, caller: Caller, request: Resend) -> Repaired:
        return Repaired(repaired=resend(work, self.name, request.message_id, request.to, str(caller.account)))
