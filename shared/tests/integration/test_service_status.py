"""What a service knows of itself: reports of its processes, outbox, dead letters, sagas."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from shared import settings
from shared.contracts import catalog
from shared.contracts.operating.status import InstanceState
from shared.contracts.operating.views import DeadLetterState
from shared.ids import new_id
from shared.operating import status
from shared.operating.process_reports import SILENT, Load, ProcessReports


class Checks:
    """The health checks of a process; `failed` are those that fail."""

    def __init__(self):
        self.failed = []

    def failing(self):
        return self.failed


@pytest.fixture
def of_tally(open_work):
    def _of_tally(*, has_sagas=False):
        with open_work() as work:
            return status.of_service(work, "tally", has_sagas=has_sagas)

    return _of_tally


@pytest.fixture
def checks():
    return Checks()


@pytest.fixture
def reports(open_work, checks):
    made = ProcessReports(open_work.engine, "tally", checks)
    yield made
    made.stop()


def run(open_work, statement, **terms):
    with open_work() as work:
        return work.connection.execute(text(statement), terms)


def test_a_process_reports_its_health_and_since_when(of_tally, reports, checks):
    checks.failed = ["broker"]
    reports.report()
    (unready,) = of_tally().instances
    assert (unready.process, unready.state, unready.failing) == ("tally", InstanceState.UNREADY, ("broker",))
    checks.failed = []
    reports.report()
    (ready,) = of_tally().instances
    reports.report()
    (later,) = of_tally().instances
    assert ready.state is later.state is InstanceState.READY
    assert unready.since < ready.since == later.since
    assert unready.started_at == later.started_at < later.seen_at


def test_a_process_that_stops_is_gone_and_one_that_was_killed_is_silent(of_tally, open_work, reports, checks):
    killed = ProcessReports(open_work.engine, "tally-relay", checks)
    for each in (reports, killed):
        each.report()
    run(open_work, "UPDATE process_report SET seen_at = seen_at - CAST(:age AS interval)", age=SILENT)
    reports.stop()
    reports.report()
    (silent,) = of_tally().instances
    assert (silent.process, silent.state, silent.since) == ("tally-relay", InstanceState.SILENT, silent.seen_at)
    killed.stop()


def test_a_process_without_a_database_reports_nothing_and_works(checks):
    reports = ProcessReports(None, "sandbox", checks)
    for act in (reports.start, reports.report, reports.stop):
        act()


def test_the_loads_of_all_processes_are_added_and_silent_ones_left_out(of_tally, open_work, checks):
    queue, clock = "tally:catalog.product_withdrawn.v1", count(step=30).__next__
    loads = iter([Load(5, 10), Load(2, 60)])
    made = [
        ProcessReports(open_work.engine, "tally", checks, lambda: {queue: next(loads)}, clock),
        ProcessReports(open_work.engine, "tally", checks, lambda: {queue: Load(4, 0)}, clock),
    ]
    for each in (made[0], made[0], made[1]):
        each.report()
    shown = {load.queue: load for load in of_tally().queues}
    assert (shown[queue].unacknowledged, shown[queue].handled_per_minute) == (6, 50 * 60 // 30)
    assert {"dead.tally", "rpc-tally"} < set(shown)
    assert shown["rpc-tally"].unacknowledged is None
    run(open_work, "UPDATE process_report SET seen_at = seen_at - CAST(:age AS interval)", age=SILENT)
    assert {load.unacknowledged for load in of_tally().queues} == {None}
    for each in made:
        each.stop()


def test_the_outbox_is_counted_by_what_is_due_delayed_failed_and_sent(of_tally, open_work):
    empty = of_tally().outbox
    assert (empty.due, empty.due_since, empty.failed, empty.sent_last_minute) == (0, None, 0, 0)
    with open_work() as work:
        for at in (None, None, None, work.now + timedelta(hours=1)):
            work.publish(catalog.ProductWithdrawn(product_id=new_id(), shop_id=new_id(), version=1), at=at)
    marked = "UPDATE outbox SET {} WHERE position = (SELECT min(position) FROM outbox WHERE {})"
    run(open_work, marked.format("sent_at = now()", "sent_at IS NULL"))
    run(open_work, marked.format("failed_at = now()", "sent_at IS NULL"))
    outbox = of_tally().outbox
    assert (outbox.due, outbox.failed, outbox.sent_last_minute) == (1, 1, 1)
    assert outbox.due_since is not None
    run(open_work, "UPDATE outbox SET not_before = created_at - interval '1 minute' WHERE not_before IS NOT NULL")
    late = of_tally().outbox
    assert late.due == 2
    assert late.due_since < outbox.due_since


def test_dead_letters_are_counted_by_state_with_the_oldest(of_tally, open_work):
    row = """
        INSERT INTO dead_letter
            (dead_letter_id, copy, topic, queue, body, headers, retried, arrived_at, state, closed_at, closed_by)
        SELECT gen_random_uuid(), gen_random_uuid(), 't', 'q', '', '{}', 0, now(), :state, :closed, :closed
    """
    assert of_tally().dead_letters == ()
    opened = row.replace(":closed, :closed", "NULL, NULL")
    run(open_work, opened, state="open")
    run(open_work, opened, state="open")
    run(open_work, row.replace(":closed, :closed", "now(), 'ann'"), state="archived")
    found = {each.state: each.number for each in of_tally().dead_letters}
    assert found == {DeadLetterState.OPEN: 2, DeadLetterState.ARCHIVED: 1}
    run(open_work, "DELETE FROM dead_letter")


def test_the_settings_of_the_processes_that_report_are_shown_without_secrets(open_work, reports, monkeypatch):
    monkeypatch.setattr(settings, "_read", {})
    monkeypatch.setenv("RPC_WORKERS", "12")
    monkeypatch.setenv("SMTP_PASSWORD", "sixteen letters!")
    settings.whole("RPC_WORKERS", 10)
    settings.secret_text("SMTP_PASSWORD")
    reports.report()
    with open_work() as work:
        (shown,) = status.settings_of(work).items
    assert shown.process == "tally"
    assert [(each.name, each.source, each.value) for each in shown.settings] == [
        ("RPC_WORKERS", "environment", "12"),
        ("SMTP_PASSWORD", "environment", None),
    ]
    run(open_work, "UPDATE process_report SET seen_at = seen_at - CAST(:age AS interval)", age=SILENT)
    with open_work() as work:
        assert status.settings_of(work).items == ()
