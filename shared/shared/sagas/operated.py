"""What every service with sagas has: operator requests, gauges, and the deadlines of commands.

`class OrdersService(OperatedSagas)`, with `work` its Database and `sagas = Sagas(Work, …)`.
"""

from typing import Any

from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.sagas.requests import CancelSaga, GetSaga, ListSagas, ResumeSaga, SkipSaga
from shared.contracts.sagas.views import SagaTimeline, SagaView
from shared.db import OpenWork
from shared.entrypoints import answers, every
from shared.sagas import expiry
from shared.sagas.engine import Engine
from shared.sagas.operator_actions import perform
from shared.work import Work


class OperatedSagas:
    """Lists and time lines of sagas, operator actions on them, gauges, and the deadlines of commands."""

    work: OpenWork[Any]
    sagas: Engine

    @answers(ListSagas)
    def list_sagas(self, work: Work, _caller: Caller, request: ListSagas) -> Page[SagaView]:
        return self.sagas.list(work, request)

    @answers(GetSaga)
    def get_saga(self, work: Work, _caller: Caller, request: GetSaga) -> SagaTimeline:
        return self.sagas.timeline(work, request.saga_id)

    @answers(ResumeSaga)
    def resume_saga(self, work: Work, caller: Caller, request: ResumeSaga) -> SagaView:
        return perform(self.sagas, work, str(caller.account), request)

    @answers(SkipSaga)
    def skip_saga(self, work: Work, caller: Caller, request: SkipSaga) -> SagaView:
        return perform(self.sagas, work, str(caller.account), request)

    @answers(CancelSaga)
    def cancel_saga(self, work: Work, caller: Caller, request: CancelSaga) -> SagaView:
        return perform(self.sagas, work, str(caller.account), request)

    @every(seconds=1)
    def expire_saga_commands(self) -> None:
        expiry.expire(self.work, self.sagas)

    @every(seconds=15)
    def measure_sagas(self) -> None:
        with self.work() as work:
            self.sagas.measure(work)
