"""Messages that are lost, late or given up are found."""

from datetime import timedelta

import pytest

from auditor import audit, delivery, repairs
from auditor.delivery import SERVICES
from auditor.handled import Handled
from services.auditor.tests.local_queries import LocalQueries
from shared.contracts import catalog
from shared.ids import new_id

CONSUMER = "marketing.follow_catalog"
DEAD_LETTER = """
    INSERT INTO dead_letter
        (dead_letter_id, copy, message_id, topic, queue, body, headers, exception, retried,
         arrived_at, state, closed_at, closed_by)
    VALUES (:dead_letter_id, :dead_letter_id, :message_id, :topic, 'marketing:q', '', '{}', 'KeyError', 0,
            now() - CAST(:age AS interval), :state, CASE WHEN :state <> 'open' THEN now() END,
            CASE WHEN :state <> 'open' THEN 'me' END)
    """
SENT, HANDLED, RESOLVED = delivery.CHECKS


@pytest.fixture(scope="module")
def queries():
    made = LocalQueries()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _empty(queries):
    for name in SERVICES:
        queries[name].run("TRUNCATE outbox, inbox, dead_letter RESTART IDENTITY")
        queries[name].run("UPDATE subscriptions SET since = now() - interval '1 year'")


@pytest.fixture
def check():
    """The check of handled messages, with an empty state."""
    handled = Handled(SERVICES)
    return audit.Check(name=HANDLED.name, sentence="", run=handled.run, grace=HANDLED.grace)


@pytest.fixture
def run(queries):
    """Run one check; returns its outcome."""

    def call(check, *, settled=True):
        grace = None if settled else audit.GRACE
        return audit.audit([check], queries, grace=grace, pause=lambda: None).outcomes[0]

    return call


@pytest.fixture
def publish_one(queries):
    """Publish that a product was withdrawn, which only marketing consumes; returns the message's id."""

    def call(age="0", *, sent=True, handled=True, at=None, **columns):
        with queries["catalog"].open_work() as work:
            event = catalog.ProductWithdrawn(product_id=new_id(), shop_id=new_id(), version=1)
            message_id = str(work.publish(event, at=at and work.now + at))
        sent_at = "now() - CAST(:age AS interval)"
        update = f"UPDATE outbox SET created_at = {sent_at}, sent_at = CASE WHEN :sent THEN {sent_at} END"
        queries["catalog"].run(f"{update} WHERE message_id = :id", id=message_id, age=age, sent=sent)
        assigned = ", ".join(f"{name} = :{name}" for name in columns)
        if columns:
            queries["catalog"].run(
                f"UPDATE outbox SET {assigned} WHERE message_id = :id", id=message_id, **columns
            )
        if sent and handled:
            handle(queries, message_id)
        return message_id

    return call


def handle(queries, message_id):
    queries["marketing"].run(
        "INSERT INTO inbox (consumer, message_id) VALUES (:c, :id)", c=CONSUMER, id=message_id
    )


def give_up(queries, message_id, state="open", age="0"):
    terms = {"dead_letter_id": str(new_id()), "message_id": message_id, "topic": catalog.ProductWithdrawn.topic}
    queries["marketing"].run(DEAD_LETTER, **terms, state=state, age=age)


def abouts(outcome):
    return [finding.about for finding in outcome.findings]


# handled messages


def test_a_handled_message_is_counted_and_nothing_is_found(publish_one, run, check):
    publish_one()
    outcome = run(check)
    assert (outcome.checked, outcome.findings) == (1, [])


def test_a_message_whose_inbox_row_is_missing_is_found_for_its_consumer(queries, publish_one, run, check):
    publish_one()
    lost = publish_one()
    queries["marketing"].run("DELETE FROM inbox WHERE message_id = :id", id=lost)
    outcome = run(check)
    assert abouts(outcome) == [f"message {lost} at {CONSUMER}"]
    assert outcome.findings[0].repair.request == {"message_id": lost, "to": "marketing"}


def test_a_lost_message_is_sent_again_once(queries, publish_one, run, check):
    lost = publish_one(handled=False)
    (finding,) = run(check).findings
    assert [line.rpartition(": ")[2] for line in repairs.carry_out([finding] * 2, queries)] == [
        "done", "nothing left to repair",
    ]  # fmt: skip
    (again,) = queries["catalog"].run("SELECT message_id::text, queue FROM outbox WHERE kind = 'again'")
    assert again == {"message_id": lost, "queue": "marketing:catalog.product_withdrawn.v1"}
    (entry,) = queries["catalog"].run("SELECT about FROM operator_log WHERE action = 'message.resend' LIMIT 1")
    assert entry["about"].startswith("message ")


def test_a_message_may_take_as_long_as_the_retry_ladder_and_no_longer(publish_one, run, check):
    recent, old = publish_one("15 minutes", handled=False), publish_one("17 minutes", handled=False)
    outcome = run(check, settled=False)
    assert abouts(outcome) == [f"message {old} at {CONSUMER}"]
    assert outcome.waiting == 1
    assert recent != old


def test_open_and_archived_dead_letters_are_no_findings_of_this_check(queries, publish_one, run, check):
    for state in ("open", "archived"):
        give_up(queries, publish_one(handled=False), state)
    assert run(check).findings == []


def test_the_age_of_a_retried_dead_letter_counts_from_its_retry(queries, publish_one, run, check):
    lost = publish_one("1 day", handled=False)
    give_up(queries, lost, "retried")
    assert abouts(run(check)) == [f"message {lost} at {CONSUMER}"]
    outcome = run(check, settled=False)
    assert (outcome.findings, outcome.waiting) == ([], 1)


def test_a_message_published_before_a_consumer_subscribed_is_not_expected_of_it(queries, publish_one, run, check):
    publish_one("1 day", handled=False)
    queries["marketing"].run("UPDATE subscriptions SET since = now() - interval '1 hour'")
    assert run(check).findings == []


def test_a_copy_is_expected_only_of_the_service_it_was_sent_to(queries, publish_one, run, check):
    publish_one("20 minutes", handled=False, kind="again", queue="payments:catalog.product_withdrawn.v1")
    assert run(check).findings == []
    lost = publish_one("20 minutes", handled=False, kind="again", queue="marketing:catalog.product_withdrawn.v1")
    assert abouts(run(check)) == [f"message {lost} at {CONSUMER}"]


# the state of the check between audits


def test_complete_messages_are_not_checked_again(queries, publish_one, run, check):
    for _ in range(1200):
        publish_one("1 hour")
    assert run(check).checked == 1200
    before = queries.requested
    assert run(check).checked == 0
    assert queries.requested - before == 2 * len(SERVICES)  # the subscriptions and the new rows


def test_an_incomplete_message_is_checked_again_until_it_is_complete(queries, publish_one, run, check):
    lost, other = publish_one("1 hour", handled=False), publish_one("1 hour")
    for _ in range(2):
        assert abouts(run(check)) == [f"message {lost} at {CONSUMER}"]
    handle(queries, lost)
    assert run(check).findings == []
    assert run(check).checked == 0
    assert other != lost


def test_a_delayed_message_is_not_checked_before_it_is_due(publish_one, run, check):
    publish_one("1 hour", sent=False, at=timedelta(hours=1))
    assert [run(check).checked for _ in range(2)] == [1, 0]


def test_a_row_that_was_committed_late_is_not_skipped(queries, publish_one, run, check):
    publish_one("1 hour")
    late = publish_one("3 minutes", handled=False)
    (held,) = queries["catalog"].run("SELECT * FROM outbox WHERE message_id = :id", id=late)
    queries["catalog"].run("DELETE FROM outbox WHERE message_id = :id", id=late)
    publish_one("1 second")
    assert [run(check).checked for _ in range(2)] == [2, 1]
    again = {name: held[name] for name in ("position", "message_id", "topic", "kind", "subject", "body")}
    queries["catalog"].run(
        "INSERT INTO outbox (position, message_id, topic, kind, subject, body, headers, created_at, sent_at)"
        " VALUES (:position, :message_id, :topic, :kind, :subject, :body, '{}', now(), now())",
        **again,
    )
    assert abouts(run(check)) == [f"message {late} at {CONSUMER}"]


def test_another_database_is_checked_from_the_beginning(queries, publish_one, run, check):
    for _ in range(3):
        publish_one("1 hour")
    run(check)
    queries["catalog"].run("TRUNCATE outbox RESTART IDENTITY")
    lost = publish_one("1 hour", handled=False)
    assert abouts(run(check)) == [f"message {lost} at {CONSUMER}"]


def test_purged_messages_are_forgotten(queries, publish_one, run, check):
    publish_one("1 hour", handled=False)
    assert run(check).findings
    queries["catalog"].run("DELETE FROM outbox")
    publish_one("1 hour")
    assert run(check).findings == []


# unsent rows


def test_an_overdue_row_is_found_and_a_timer_in_the_future_is_not(publish_one, run):
    late, due = publish_one(sent=False), publish_one(sent=False, at=timedelta(seconds=-1))
    publish_one(sent=False, at=timedelta(hours=1))
    publish_one()
    outcome = run(SENT)
    assert abouts(outcome) == [f"message {late}", f"message {due}"]
    assert outcome.checked == 3


def test_a_row_may_be_unsent_for_five_minutes(publish_one, run):
    publish_one("4 minutes", sent=False)
    old = publish_one("6 minutes", sent=False)
    outcome = run(SENT, settled=False)
    assert (abouts(outcome), outcome.waiting) == ([f"message {old}"], 1)


def test_a_row_that_was_given_up_counts_at_once(publish_one, run):
    lost = publish_one(sent=False, failed_at="now", error="too big")
    outcome = run(SENT, settled=False)
    assert abouts(outcome) == [f"message {lost}"]
    assert "too big" in outcome.findings[0].detail


# dead letters


def test_a_dead_letter_must_be_resolved_within_a_day(queries, publish_one, run):
    give_up(queries, publish_one(handled=False), age="23 hours")
    give_up(queries, publish_one(handled=False), age="25 hours")
    give_up(queries, publish_one(handled=False), "archived", age="25 hours")
    outcome = run(RESOLVED, settled=False)
    assert (len(outcome.findings), outcome.waiting) == (1, 1)
    assert "KeyError" in outcome.findings[0].detail


def test_in_a_settled_system_any_open_dead_letter_is_a_finding(queries, publish_one, run):
    give_up(queries, publish_one(handled=False))
    assert len(run(RESOLVED).findings) == 1
