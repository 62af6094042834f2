"""The doors for operators that every service has, and its purge: `class CatalogService(Operated)`, with `work` its
Database and `retention` the rules for its tables.
"""

from typing import Any

from shared import shapes
from shared.auth import Caller
from shared.entrypoints import every, rpc
from shared.operating import closing, letters, log, schemas
from shared.permissions import Role
from shared.retained import EVERYWHERE, Retention

Json = dict[str, Any]


class Operated:
    """Dead letters with their buttons, and the log of what operators did (docs/operating.md)."""

    work: Any
    retention: Any = Retention(EVERYWHERE)

    @rpc(allow=Role.OPERATOR, noted=False)
    def list_dead_letters(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return letters.page(work, shapes.load(schemas.DeadLetters, request))

    @rpc(allow=Role.OPERATOR, noted=False)
    def get_dead_letter(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        with self.work() as work:
            return letters.one(work, shapes.load(schemas.OfLetter, request).letter_id)

    @rpc(allow=Role.OPERATOR)
    def retry_dead_letter(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return closing.retry(work, str(caller.account), shapes.load(schemas.RetryLetter, request))

    @rpc(allow=Role.OPERATOR)
    def retry_dead_letters(self, caller: Caller, request: Json) -> Json:
        wish = shapes.load(schemas.RetryLetters, request)
        with self.work() as work:
            return work.once(
                caller,
                "retry_dead_letters",
                wish.idempotency_key,
                request,
                lambda: closing.retry_all(work, str(caller.account), wish),
            )

    @rpc(allow=Role.OPERATOR)
    def archive_dead_letter(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return closing.archive(work, str(caller.account), shapes.load(schemas.ArchiveLetter, request))

    @rpc(allow=Role.OPERATOR, noted=False)
    def operator_log(self, caller: Caller, request: Json) -> Json:  # noqa: ARG002
        page = shapes.load(schemas.LogPage, request)
        with self.work() as work:
            return log.entries(work, about=page.about, action=page.action, after=page.cursor, limit=page.limit)

    @every(seconds=5)
    def measure_dead_letters(self) -> None:
        with self.work() as work:
            letters.measure(work)

    @every(seconds=10)
    def purge(self) -> None:
        self.retention.round(self.work.engine)
