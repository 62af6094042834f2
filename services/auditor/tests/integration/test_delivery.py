"""Each promise of delivery is broken on purpose, and seen."""

from datetime import timedelta

import pytest

from auditor import audit, delivery, repairs
from auditor.delivery import SERVICES
from auditor.handled import Handled
from services.auditor.tests.near import LocalQueries
from shared.contracts import catalog
from shared.ids import new_id

CONSUMER = "marketing.follow_catalog"
LETTER = """
    INSERT INTO dead_letter
        (dead_letter_id, copy, message_id, topic, queue, body, headers, exception, retried,
         arrived_at, state, closed_at, closed_by)
    VALUES (:dead_letter_id, :dead_letter_id, :message_id, :topic, 'marketing:q', '', '{}', 'KeyError', 0,
            now() - CAST(:age AS interval), :state, CASE WHEN :state <> 'open' THEN now() END,
            CASE WHEN :state <> 'open' THEN 'me' END)
    """
SENT, HANDLED, SEEN_TO = delivery.CHECKS


@pytest.fixture(scope="module")
def queries():
    made = LocalQueries()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _empty(queries):
    for name in SERVICES:
        queries[name].run("TRUNCATE outbox, inbox, dead_letter RESTART IDENTITY")
        queries[name].run("UPDATE listening SET since = now() - interval '1 year'")


@pytest.fixture
def check():
    """The check of what was handled, remembering nothing yet."""
    handled = Handled(SERVICES)
    return audit.Check(name=HANDLED.name, sentence="", look=handled.look, grace=HANDLED.grace)


@pytest.fixture
def look(queries):
    """The outcome of one check."""

    def call(check, *, settled=True):
        grace = None if settled else audit.GRACE
        return audit.audit([check], queries, grace=grace, pause=lambda: None).outcomes[0]

    return call


@pytest.fixture
def publish_one(queries):
    """Catalog says that a product was withdrawn, to which marketing alone listens; returns the message's id."""

    def call(age="0", *, sent=True, handled=True, at=None, **columns):
        with queries["catalog"].open_work() as work:
            gone = catalog.ProductWithdrawn(product_id=new_id(), shop_id=new_id(), version=1)
            message_id = str(work.publish(gone, at=at and work.now + at))
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


def bury(queries, message_id, state="open", age="0"):
    terms = {"dead_letter_id": str(new_id()), "message_id": message_id, "topic": catalog.ProductWithdrawn.topic}
    queries["marketing"].run(LETTER, **terms, state=state, age=age)


def abouts(outcome):
    return [finding.about for finding in outcome.findings]


# what was handled


def test_a_message_that_was_handled_is_counted_and_nothing_is_found(publish_one, look, check):
    publish_one()
    outcome = look(check)
    assert (outcome.checked, outcome.findings) == (1, [])


def test_a_message_whose_inbox_row_is_gone_is_found_at_the_consumer_that_lacks_it(
    queries, publish_one, look, check
):
    publish_one()
    lost = publish_one()
    queries["marketing"].run("DELETE FROM inbox WHERE message_id = :id", id=lost)
    outcome = look(check)
    assert abouts(outcome) == [f"message {lost} at {CONSUMER}"]
    assert outcome.findings[0].repair.request == {"message_id": lost, "to": "marketing"}


def test_a_lost_message_is_sent_once_more_and_then_nothing_is_to_be_mended(queries, publish_one, look, check):
    lost = publish_one(handled=False)
    (finding,) = look(check).findings
    assert [line.rpartition(": ")[2] for line in repairs.carry_out([finding] * 2, queries)] == [
        "done", "nothing to mend any more",
    ]  # fmt: skip
    (again,) = queries["catalog"].run("SELECT message_id::text, queue FROM outbox WHERE kind = 'again'")
    assert again == {"message_id": lost, "queue": "marketing:catalog.product_withdrawn.v1"}
    (entry,) = queries["catalog"].run("SELECT about FROM operator_log WHERE action = 'message.resend' LIMIT 1")
    assert entry["about"].startswith("message ")


def test_a_message_may_take_as_long_as_the_ladder_and_no_longer(publish_one, look, check):
    young, old = publish_one("15 minutes", handled=False), publish_one("17 minutes", handled=False)
    outcome = look(check, settled=False)
    assert abouts(outcome) == [f"message {old} at {CONSUMER}"]
    assert outcome.waiting == 1
    assert young != old


def test_a_dead_letter_is_another_checks_and_one_that_was_put_away_is_nobodys(queries, publish_one, look, check):
    for state in ("open", "archived"):
        bury(queries, publish_one(handled=False), state)
    assert look(check).findings == []


def test_a_dead_letter_that_was_retried_is_on_its_way_again_from_then_on(queries, publish_one, look, check):
    lost = publish_one("1 day", handled=False)
    bury(queries, lost, "retried")
    assert abouts(look(check)) == [f"message {lost} at {CONSUMER}"]
    outcome = look(check, settled=False)
    assert (outcome.findings, outcome.waiting) == ([], 1)


def test_what_was_said_before_a_consumer_listened_is_not_asked_of_it(queries, publish_one, look, check):
    publish_one("1 day", handled=False)
    queries["marketing"].run("UPDATE listening SET since = now() - interval '1 hour'")
    assert look(check).findings == []


def test_a_copy_is_asked_of_nobody_but_the_one_it_was_sent_to(queries, publish_one, look, check):
    publish_one("20 minutes", handled=False, kind="again", queue="payments:catalog.product_withdrawn.v1")
    assert look(check).findings == []
    lost = publish_one("20 minutes", handled=False, kind="again", queue="marketing:catalog.product_withdrawn.v1")
    assert abouts(look(check)) == [f"message {lost} at {CONSUMER}"]


# what the check remembers while it goes on watching


def test_what_was_found_complete_is_not_looked_at_again(queries, publish_one, look, check):
    for _ in range(1200):
        publish_one("1 hour")
    assert look(check).checked == 1200
    before = queries.requested
    assert look(check).checked == 0
    assert queries.requested - before == 2 * len(SERVICES)  # who listens, and what is new


def test_what_was_not_complete_is_asked_again_until_it_is(queries, publish_one, look, check):
    lost, other = publish_one("1 hour", handled=False), publish_one("1 hour")
    for _ in range(2):
        assert abouts(look(check)) == [f"message {lost} at {CONSUMER}"]
    handle(queries, lost)
    assert look(check).findings == []
    assert look(check).checked == 0
    assert other != lost


def test_what_waits_for_its_moment_is_not_asked_before(publish_one, look, check):
    publish_one("1 hour", sent=False, at=timedelta(hours=1))
    assert [look(check).checked for _ in range(2)] == [1, 0]


def test_a_row_of_a_transaction_that_ended_late_is_not_passed_over(queries, publish_one, look, check):
    publish_one("1 hour")
    late = publish_one("3 minutes", handled=False)
    (held,) = queries["catalog"].run("SELECT * FROM outbox WHERE message_id = :id", id=late)
    queries["catalog"].run("DELETE FROM outbox WHERE message_id = :id", id=late)
    publish_one("1 second")
    assert [look(check).checked for _ in range(2)] == [2, 1]
    again = {name: held[name] for name in ("position", "message_id", "topic", "kind", "subject", "body")}
    queries["catalog"].run(
        "INSERT INTO outbox (position, message_id, topic, kind, subject, body, headers, created_at, sent_at)"
        " VALUES (:position, :message_id, :topic, :kind, :subject, :body, '{}', now(), now())",
        **again,
    )
    assert abouts(look(check)) == [f"message {late} at {CONSUMER}"]


def test_another_database_is_looked_at_from_its_beginning(queries, publish_one, look, check):
    for _ in range(3):
        publish_one("1 hour")
    look(check)
    queries["catalog"].run("TRUNCATE outbox RESTART IDENTITY")
    lost = publish_one("1 hour", handled=False)
    assert abouts(look(check)) == [f"message {lost} at {CONSUMER}"]


def test_what_was_purged_is_forgotten(queries, publish_one, look, check):
    publish_one("1 hour", handled=False)
    assert look(check).findings
    queries["catalog"].run("DELETE FROM outbox")
    publish_one("1 hour")
    assert look(check).findings == []


# what has not left


def test_a_row_that_should_have_left_is_found_and_a_timer_that_lies_ahead_is_not(publish_one, look):
    late, due = publish_one(sent=False), publish_one(sent=False, at=timedelta(seconds=-1))
    publish_one(sent=False, at=timedelta(hours=1))
    publish_one()
    outcome = look(SENT)
    assert abouts(outcome) == [f"message {late}", f"message {due}"]
    assert outcome.checked == 3


def test_a_row_may_wait_for_five_minutes(publish_one, look):
    publish_one("4 minutes", sent=False)
    old = publish_one("6 minutes", sent=False)
    outcome = look(SENT, settled=False)
    assert (abouts(outcome), outcome.waiting) == ([f"message {old}"], 1)


def test_a_row_that_was_given_up_counts_at_once(publish_one, look):
    lost = publish_one(sent=False, failed_at="now", error="too big")
    outcome = look(SENT, settled=False)
    assert abouts(outcome) == [f"message {lost}"]
    assert "too big" in outcome.findings[0].detail


# what people are to see to


def test_a_dead_letter_must_be_seen_to_within_a_day(queries, publish_one, look):
    bury(queries, publish_one(handled=False), age="23 hours")
    bury(queries, publish_one(handled=False), age="25 hours")
    bury(queries, publish_one(handled=False), "archived", age="25 hours")
    outcome = look(SEEN_TO, settled=False)
    assert (len(outcome.findings), outcome.waiting) == (1, 1)
    assert "KeyError" in outcome.findings[0].detail


def test_in_a_settled_system_no_dead_letter_is_open(queries, publish_one, look):
    bury(queries, publish_one(handled=False))
    assert len(look(SEEN_TO).findings) == 1
