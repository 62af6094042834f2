"""Starting and cancelling sagas by name within a work."""

import pytest

from shared.sagas import Sagas, SagaWork
from shared.sagas.work import SagaNotDefined, WrongState
from shared.tests.saga_examples import a_supper, supper


class Work(SagaWork):
    pass


class Recorder:
    """Replaces an engine and records the calls."""

    def __init__(self):
        self.sagas, self.requested = {supper.name: supper}, []

    def start(self, *given):
        self.requested.append(("start", *given))

    def cancel(self, *given):
        self.requested.append(("cancel", *given))
        return True


@pytest.fixture
def engine(monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr(Work, "saga_engine", recorder, raising=False)
    return recorder


def test_a_saga_is_started_and_cancelled_by_its_name_in_the_given_work(engine):
    work, state = Work(), a_supper()
    work.sagas.start(supper.name, state.checkout_id, state)
    assert work.sagas.cancel(supper.name, state.checkout_id, "changed_mind")
    started, cancelled = engine.requested
    assert started == ("start", work, supper, state.checkout_id, state)
    assert cancelled == ("cancel", work, supper, state.checkout_id, "changed_mind")


def test_an_unknown_saga_name_is_an_error(engine):
    with pytest.raises(SagaNotDefined):
        Work().sagas.start("orders.unknown", 1, a_supper())
    with pytest.raises(SagaNotDefined):
        Work().sagas.cancel("orders.unknown", 1, "changed_mind")
    assert engine.requested == []


def test_a_saga_can_only_start_with_its_own_state_type(engine):
    with pytest.raises(WrongState):
        Work().sagas.start(supper.name, 1, {"guests": 4})
    assert engine.requested == []


def test_the_dependency_of_a_service_sets_the_engine_of_its_work():
    class ServiceWork(SagaWork):
        pass

    sagas = Sagas(ServiceWork, supper)
    assert ServiceWork().sagas.engine is sagas.get_dependency(None)
