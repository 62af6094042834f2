"""What operators ask a service with sagas: `class OrdersService(OperatedSagas)`, `sagas = Sagas(Work, …)`."""

from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.sagas.requests import CancelSaga, GetSaga, ListSagas, ResumeSaga, SkipSaga
from shared.contracts.sagas.views import SagaTimeline, SagaView
from shared.entrypoints import answers
from shared.sagas.engine import Engine
from shared.sagas.operator_actions import perform
from shared.work import Work


class OperatedSagas:
    """Sagas as operators see them, and operator actions on them."""

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
