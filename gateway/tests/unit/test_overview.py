"""The operator's overview: it is answered whatever else answers, and shows nothing as well that is not known."""

import asyncio
from types import SimpleNamespace

import pytest

from gateway import overview
from gateway.every_service import SERVICES
from gateway.overview import Overviews
from gateway.queue_depths import Depth
from gateway.tests.doubles import OPERATOR, SHOPPER, bearer
from shared.answers import NoAnswer, ServiceFailed, ServiceUnavailable

PATH = "/api/v1/operator/overview"
OUTBOX = {"due": 2, "due_since": "2026-11-27T14:00:00+00:00", "failed": 0, "sent_last_minute": 40}


def instance(process, state="ready", since="2026-11-27T08:00:00+00:00"):
    return {"process": process, "state": state, "since": since, "host": "a", "failing": []}


def status(service, **more):
    found = {
        "at": "2026-11-27T14:05:00+00:00",
        "instances": [instance(service), instance(f"{service}-relay")],
        "queues": [{"queue": f"dead.{service}", "unacknowledged": 1, "handled_per_minute": 60}],
        "outbox": OUTBOX,
        "dead_letters": [],
        "sagas": [],
    }
    return {**found, **more}


AUDIT = {
    "state": "clean",
    "expected_by": "2026-11-27T14:06:00+00:00",
    "invariants": [{"name": "a", "state": "holds"}],
}


class Depths:
    """Stands in for the broker, which has these queues."""

    def __init__(self, **ready):
        self.found = {name.replace("_", "."): Depth(number, 1) for name, number in ready.items()}

    async def read(self, queues):
        return {queue: self.found[queue] for queue in queues if queue in self.found}


@pytest.fixture
def all_answer(services):
    services.answers |= {f"{each}.get_service_status": status(each) for each in SERVICES}
    services.answers["users.get_audit"] = AUDIT


def of(answer, service):
    return next(each for each in answer["services"] if each["service"] == service)


def shown(services, overviews):
    call = lambda method, request: services.call(method, request, token=None, within=1)  # noqa: E731
    return asyncio.run(overviews.overview(call))


@pytest.mark.usefixtures("all_answer")
def test_every_service_is_shown_with_its_processes_queues_and_outbox(api):
    answer = api.get(PATH, headers=bearer(OPERATOR)).json()
    assert [each["service"] for each in answer["services"]] == list(SERVICES)
    catalog = of(answer, "catalog")
    assert catalog["answers"]
    assert [(each["process"], each["kind"], each["state"]) for each in catalog["processes"]] == [
        ("catalog", "service", "ready"),
        ("catalog-relay", "relay", "ready"),
        ("catalog-import", "worker", "absent"),
    ]
    assert catalog["outbox"] == OUTBOX
    assert answer["gateway"]["state"] == "ready"


@pytest.mark.parametrize("failure", [ServiceUnavailable(), NoAnswer(), ServiceFailed("KeyError")])
@pytest.mark.usefixtures("all_answer")
def test_a_service_that_does_not_answer_fails_nothing_and_is_never_shown_as_ready(services, api, failure):
    services.answers["payments.get_service_status"] = failure
    answer = api.get(PATH, headers=bearer(OPERATOR)).json()
    payments = of(answer, "payments")
    assert (payments["answers"], payments["answered_at"], payments["outbox"]) == (False, None, None)
    assert {each["state"] for each in payments["processes"]} == {"unknown"}
    assert of(answer, "orders")["answers"]


def test_the_overview_is_answered_without_any_service(services, api):
    services.answers |= {f"{each}.get_service_status": ServiceUnavailable() for each in SERVICES}
    services.answers["users.get_audit"] = ServiceUnavailable()
    answer = api.get(PATH, headers=bearer(OPERATOR))
    assert answer.status_code == 200
    assert not any(each["answers"] for each in answer.json()["services"])
    assert (answer.json()["broker_answers"], answer.json()["audit"]) == (False, None)
    assert answer.json()["auditor"]["state"] == "unknown"


@pytest.mark.usefixtures("all_answer")
def test_what_a_service_answered_last_is_shown_with_its_time(services):
    overviews = Overviews(Depths(dead_orders=3))
    shown(services, overviews)
    services.answers["orders.get_service_status"] = NoAnswer()
    orders = of(shown(services, overviews), "orders")
    assert (orders["answers"], orders["answered_at"]) == (False, "2026-11-27T14:05:00+00:00")
    assert orders["outbox"] == OUTBOX
    assert [each["process"] for each in orders["processes"][0]["instances"]] == ["orders"]
    assert orders["queues"] == [
        {"queue": "dead.orders", "ready": 3, "consumers": 1, "unacknowledged": None, "handled_per_minute": None}
    ]


@pytest.mark.usefixtures("all_answer")
def test_a_queue_has_its_depth_from_the_broker_and_its_load_from_the_processes(services):
    answer = shown(services, Overviews(Depths(dead_users=7, retry_10s=2)))
    assert of(answer, "users")["queues"] == [
        {"queue": "dead.users", "ready": 7, "consumers": 1, "unacknowledged": 1, "handled_per_minute": 60}
    ]
    assert of(answer, "orders")["queues"][0]["ready"] is None
    assert {each["queue"]: each["waiting"] for each in answer["retry_queues"]} == {
        "retry.1s": None, "retry.10s": 2, "retry.60s": None, "retry.600s": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("states", "best"),
    [(["silent", "ready"], "ready"), (["silent", "unready"], "unready"), (["silent"], "silent"), ([], "absent")],
    ids=["one is ready", "one is unready", "silent", "none"],
)
def test_a_process_is_in_the_best_state_of_its_instances(states, best):
    orders = SimpleNamespace(name="orders", kind="service")
    found = overview._process(orders, [instance("orders", state) for state in states], is_known=True)
    assert (found["state"], len(found["instances"])) == (best, len(states))


def test_only_operators_see_the_overview(services, api):
    assert api.get(PATH, headers=bearer(SHOPPER)).status_code == 403
    assert api.get(PATH).status_code == 401
    assert services.requested == []


@pytest.mark.usefixtures("all_answer")
def test_the_last_audit_is_shown_and_unknown_while_users_does_not_answer(services):
    overviews = Overviews(Depths())
    first = shown(services, overviews)
    assert (first["audit"], first["auditor"]["state"]) == (AUDIT, "ready")
    services.answers["users.get_audit"] = NoAnswer()
    later = shown(services, overviews)
    assert (later["audit"]["state"], later["auditor"]["state"]) == ("unknown", "unknown")
    assert later["audit"]["invariants"] == [{"name": "a", "state": "unknown"}]


@pytest.mark.usefixtures("all_answer")
def test_a_silent_auditor_is_silent_since_its_report_was_expected(services):
    services.answers["users.get_audit"] = {**AUDIT, "state": "unknown"}
    auditor = shown(services, Overviews(Depths()))["auditor"]
    assert (auditor["state"], auditor["since"]) == ("silent", AUDIT["expected_by"])


def test_the_settings_of_all_processes_are_listed_and_a_silent_service_is_named(services, api):
    read = {
        "process": "orders",
        "settings": [{"name": "CASH_ORDER_LIMIT", "source": "default", "value": "200000"}],
    }
    services.answers |= {f"{each}.get_service_settings": {"items": [], "next": None} for each in SERVICES}
    services.answers["orders.get_service_settings"] = {"items": [read], "next": None}
    services.answers["users.get_service_settings"] = NoAnswer()
    answer = api.get("/api/v1/operator/settings", headers=bearer(OPERATOR)).json()
    own, orders = answer["items"]
    assert (own["process"], own["service"]) == ("gateway", None)
    assert orders == {"service": "orders", **read}
    assert answer["unanswered"] == ["users"]
    assert api.get("/api/v1/operator/settings", headers=bearer(SHOPPER)).status_code == 403
