"""The operator's overview of the running system: first all is well, then a service is frozen."""

import signal
import time

from shared import manifest
from tests.e2e.people import until

OVERVIEW = "/operator/overview"
BOUND = 6.0  # seconds until it is answered: two for the services, two for the queues, and a slow machine


def of(overview, service):
    return next(each for each in overview["services"] if each["service"] == service)


def states(service):
    return {each["process"]: each["state"] for each in service["processes"]}


def all_ready(overview):
    return {state for each in overview["services"] for state in states(each).values()} == {"ready"}


def test_every_process_is_ready_and_every_queue_has_a_consumer(operator):
    overview = until(lambda: operator.get(OVERVIEW), all_ready)
    listed = {name for each in overview["services"] for name in states(each)}
    assert listed == {each.name for each in manifest.get().processes if each.service}
    queues = [queue for each in overview["services"] for queue in each["queues"]]
    assert len(queues) > 40
    assert [queue["queue"] for queue in queues if not queue["consumers"]] == []
    assert [queue["queue"] for queue in queues if queue["ready"] is None] == []
    assert all(each["outbox"]["failed"] == 0 for each in overview["services"])
    assert None not in {each["waiting"] for each in overview["retry_queues"]}


def test_a_frozen_service_is_shown_as_not_answering_in_bounded_time(shop_system, operator):
    before = of(until(lambda: operator.get(OVERVIEW), all_ready), "marketing")
    shop_system.kill("marketing", signal.SIGSTOP)
    try:
        began = time.monotonic()
        overview = operator.get(OVERVIEW)
        took = time.monotonic() - began
    finally:
        shop_system.kill("marketing", signal.SIGCONT)
    marketing = of(overview, "marketing")
    assert took < BOUND
    assert (marketing["answers"], marketing["answered_at"]) == (False, before["answered_at"])
    assert set(states(marketing).values()) == {"unknown"}
    assert of(overview, "orders")["answers"]
    until(lambda: of(operator.get(OVERVIEW), "marketing"), lambda found: found["answers"])


def test_the_settings_of_every_process_are_shown_and_no_secret_among_them(shop_system, operator):
    answer = operator.get("/operator/settings")
    shown = {each["process"]: {one["name"]: one for one in each["settings"]} for each in answer["items"]}
    assert {"gateway", "orders", "orders-relay", "catalog-import", "payments"} <= set(shown)
    assert shown["payments"]["WECHAT_MCHID"]["value"] is None
    assert shown["orders"]["DATABASE_URL"]["source"] == "environment"
    passwords = [url.split(":")[2].split("@")[0] for url in shop_system.site.databases.values()]
    assert not [word for word in passwords if word in str(answer)]
