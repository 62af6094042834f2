"""The operator requests that every service answers, and its purge.

Use: `class CatalogService(Operated)`, with `work` its Database and `retention` the rules for its tables.
"""

from typing import Any

from shared.auth import Caller
from shared.contracts.operating.requests import (
    ArchiveDeadLetter,
    ArchiveDeadLetters,
    GetDeadLetter,
    ListDeadLetterGroups,
    ListDeadLetters,
    ListOperatorLog,
    ListSwitches,
    RetryDeadLetter,
    RetryDeadLetters,
    RetryEditedDeadLetter,
    SetSwitch,
)
from shared.contracts.operating.status import GetServiceSettings, GetServiceStatus, ProcessSettings, ServiceStatus
from shared.contracts.operating.views import (
    DeadLetter,
    DeadLetterDetail,
    DeadLetterGroup,
    DeadLettersArchived,
    DeadLettersRetried,
    LogEntry,
    Switch,
)
from shared.contracts.pages import Page
from shared.entrypoints import answers, every
from shared.operating import (
    dead_letter_actions,
    dead_letter_edits,
    dead_letter_groups,
    dead_letters,
    log,
    status,
    switches,
)
from shared.retained import EVERYWHERE, Retention
from shared.work import Work


class Operated:
    """The service's state, dead letters and their actions, switches, the operator log (docs/operating.md)."""

    name: str
    work: Any
    retention: Any = Retention(EVERYWHERE)

    @answers(ListDeadLetters)
    def list_dead_letters(self, work: Work, _caller: Caller, request: ListDeadLetters) -> Page[DeadLetter]:
        return dead_letters.page(work, request)

    @answers(GetDeadLetter)
    def get_dead_letter(self, work: Work, _caller: Caller, request: GetDeadLetter) -> DeadLetterDetail:
        return dead_letters.one(work, request.dead_letter_id)

    @answers(RetryDeadLetter)
    def retry_dead_letter(self, work: Work, caller: Caller, request: RetryDeadLetter) -> DeadLetterDetail:
        return dead_letter_actions.retry(work, str(caller.account), request)

    @answers(RetryDeadLetters)
    def retry_dead_letters(self, work: Work, caller: Caller, request: RetryDeadLetters) -> DeadLettersRetried:
        return dead_letter_actions.retry_all(work, str(caller.account), request)

    @answers(ArchiveDeadLetter)
    def archive_dead_letter(self, work: Work, caller: Caller, request: ArchiveDeadLetter) -> DeadLetterDetail:
        return dead_letter_actions.archive(work, str(caller.account), request)

    @answers(ListDeadLetterGroups)
    def list_dead_letter_groups(
        self, work: Work, _caller: Caller, request: ListDeadLetterGroups
    ) -> Page[DeadLetterGroup]:
        return dead_letter_groups.groups(work, request)

    @answers(RetryEditedDeadLetter)
    def retry_edited_dead_letter(
        self, work: Work, caller: Caller, request: RetryEditedDeadLetter
    ) -> DeadLetterDetail:
        return dead_letter_edits.retry_edited(work, str(caller.account), request)

    @answers(ArchiveDeadLetters)
    def archive_dead_letters(self, work: Work, caller: Caller, request: ArchiveDeadLetters) -> DeadLettersArchived:
        return dead_letter_groups.archive_all(work, str(caller.account), request)

    @answers(ListOperatorLog)
    def list_operator_log(self, work: Work, _caller: Caller, request: ListOperatorLog) -> Page[LogEntry]:
        return log.entries(work, request)

    @answers(ListSwitches)
    def list_switches(self, work: Work, _caller: Caller, _request: ListSwitches) -> Page[Switch]:
        return switches.page(work, self.name)

    @answers(SetSwitch)
    def set_switch(self, work: Work, caller: Caller, request: SetSwitch) -> Switch:
        return switches.turn(work, self.name, str(caller.account), request)

    @answers(GetServiceStatus)
    def get_service_status(self, work: Work, _caller: Caller, _request: GetServiceStatus) -> ServiceStatus:
        return status.of_service(work, self.name, has_sagas=hasattr(self, "sagas"))

    @answers(GetServiceSettings)
    def get_service_settings(
        self, work: Work, _caller: Caller, _request: GetServiceSettings
    ) -> Page[ProcessSettings]:
        return status.settings_of(work)

    @every(seconds=5)
    def measure_switches(self) -> None:
        with self.work() as work:
            switches.measure(work, self.name)

    @every(seconds=5)
    def measure_dead_letters(self) -> None:
        with self.work() as work:
            dead_letters.measure(work)

    @every(seconds=10)
    def purge(self) -> None:
        self.retention.round(self.work.engine)
