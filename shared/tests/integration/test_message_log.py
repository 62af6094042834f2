"""The audit queries on the messages of a service, and the command that resends one."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from tally.service import Tally

from shared import subscriptions
from shared.auth import Caller
from shared.contracts import catalog
from shared.ids import new_id
from shared.permissions import Role
from shared.shapes import Misshapen
from shared.testing import deliver, logged, service

AUDITOR = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.AUDITOR}))
DEAD_LETTER = text("""
    INSERT INTO dead_letter
        (dead_letter_id, copy, message_id, topic, queue, body, headers, retried, state, closed_at, closed_by)
    VALUES (:dead_letter_id, :dead_letter_id, :message_id, :topic, 'tally:q', '', '{}', 0, :state,
            CASE WHEN :state <> 'open' THEN now() END, CASE WHEN :state <> 'open' THEN 'me' END)
""")


@pytest.fixture
def call(open_work):
    """Call one of tally's audit queries."""
    with open_work() as work:
        subscriptions.note(work.connection, Tally)

    def call(method, **request):
        answer = getattr(service(Tally, open_work), method)(AUDITOR, request)
        return json.loads(json.dumps(answer))  # as it is sent

    return call


@pytest.fixture
def run(open_work):
    def call(statement, **terms):
        with open_work() as work:
            return work.connection.execute(text(statement), terms)

    return call


@pytest.fixture
def publish(open_work):
    """Publish an event (or `message`), and set these columns of its outbox row; returns its id."""

    def call(message=None, at=None, within=None, **columns):
        message = message or catalog.ProductWithdrawn(product_id=new_id(), shop_id=new_id(), version=1)
        with open_work() as work:
            message_id = work.publish(message, at=at and work.now + at, within=within)
        with open_work() as work:
            for name, value in columns.items():
                terms = {"id": message_id, "value": value}
                work.connection.execute(
                    text(f"UPDATE outbox SET {name} = CAST(:value AS {KINDS[name]}) WHERE message_id = :id"), terms
                )
        return str(message_id)

    return call


KINDS = {"sent_at": "timestamptz", "failed_at": "timestamptz", "error": "text"}
WITHDRAWN = catalog.ProductWithdrawn.topic


def ids(answer):
    return [item["message_id"] for item in answer["items"]]


def dead_letter(open_work, message_id, state, topic=WITHDRAWN):
    with open_work() as work:
        terms = {"dead_letter_id": str(new_id()), "message_id": message_id, "topic": topic, "state": state}
        work.connection.execute(DEAD_LETTER, terms)


def test_published_messages_are_listed_in_pages_by_position(call, publish):
    published = [publish() for _ in range(5)]
    first = call("audit_sent", limit=3)
    second = call("audit_sent", limit=3, after=first["next"])
    assert ids(first) + ids(second) == published
    assert (second["checked"], second["next"]) == (2, None)
    assert second["end"] == second["items"][-1]["position"]


def test_published_messages_are_listed_by_id(call, publish):
    publish()
    wanted = publish(sent_at="now")
    (item,) = call("audit_sent", ids=[wanted])["items"]
    assert (item["topic"], item["queue"]) == (WITHDRAWN, None)
    assert item["sent_at"]


def test_unsent_messages_are_the_overdue_and_the_failed_ones(call, publish):
    publish(sent_at="now")
    publish(at=timedelta(hours=1))
    late = [publish(), publish(at=timedelta(seconds=-1)), publish(at=timedelta(hours=1), error="unroutable")]
    late.append(publish(failed_at="now", error="too big"))
    page = call("audit_unsent")
    assert ids(page) == late
    assert page["checked"] == 5
    assert ids(call("audit_unsent", ids=[late[1], str(new_id())])) == [late[1]]
    first = call("audit_unsent", limit=2)
    assert ids(call("audit_unsent", limit=2, after=first["next"])) == late[2:]


def test_a_message_is_reported_missing_for_each_consumer_that_did_not_handle_it(call, run):
    message_id = str(new_id())
    run("INSERT INTO inbox (consumer, message_id) VALUES ('tally.once', :id)", id=message_id)
    (missing,) = call("audit_handled", messages={WITHDRAWN: [message_id]})["items"]
    assert missing == {
        "message_id": message_id, "consumer": "tally.and_again", "dead_letter_state": None, "closed_at": None,
    }  # fmt: skip


def test_a_message_that_was_handled_or_has_no_consumer_is_not_reported_missing(call, open_work):
    (handled,) = deliver(
        Tally, open_work, catalog.ProductWithdrawn(product_id=new_id(), shop_id=new_id(), version=1)
    )
    requested = {WITHDRAWN: [str(handled.message_id)], "users.user_registered.v1": [str(new_id())]}
    assert call("audit_handled", messages=requested) == {"items": [], "checked": 2}


def test_the_state_of_a_messages_last_dead_letter_is_reported(call, open_work):
    message_id, topic = str(new_id()), catalog.ReleaseStock.topic
    for state in ("retried", "archived"):
        dead_letter(open_work, message_id, state)
        (missing,) = call("audit_handled", messages={topic: [message_id]})["items"]
        assert missing["dead_letter_state"] == state
        assert datetime.fromisoformat(missing["closed_at"]).tzinfo


def test_dead_letters_are_listed_until_they_are_closed(call, open_work):
    message_id = str(new_id())
    for state in ("open", "retried", "archived"):
        dead_letter(open_work, message_id, state)
    page = call("audit_dead_letters")
    assert ids(page) == [message_id]
    assert page["items"][0]["arrived_at"]


@pytest.mark.parametrize("wanted", [{"after": "x"}, {"ids": ["x"]}, {"limit": 1001}, {"limit": 0}], ids=str)
def test_an_invalid_key_or_page_size_is_refused(call, wanted):
    for method in ("audit_dead_letters", "audit_sent"):
        with pytest.raises(Misshapen) as refused:
            call(method, **wanted)
        assert refused.value.errors.keys() == wanted.keys()


def test_a_consumer_is_recorded_once_and_removed_when_it_no_longer_exists(call, run, open_work):
    run("UPDATE subscriptions SET since = 'yesterday' WHERE consumer = 'tally.once'")
    run("INSERT INTO subscriptions (consumer, topic) VALUES ('tally.renamed', :topic)", topic=WITHDRAWN)
    with open_work() as work:
        subscriptions.note(work.connection, Tally)
    received = {item["consumer"]: item["since"] for item in call("audit_subscriptions")["items"]}
    assert "tally.renamed" not in received
    assert received["tally.once"] < received["tally.and_again"]


def test_a_message_is_resent_unchanged_to_one_service(call, publish, run, open_work):
    command = catalog.ReserveStock(checkout_id=new_id(), lines=())
    message_id = publish(command, within=timedelta(seconds=30), sent_at="2026-01-01T00:00:00Z")
    assert call("resend", message_id=message_id, to="catalog") == {"repaired": True}
    rows = "SELECT * FROM outbox WHERE message_id = :id ORDER BY position"
    first, again = run(rows, id=message_id).mappings()
    assert (again["kind"], again["queue"]) == ("again", f"catalog:{command.topic}")
    assert (again["body"], again["subject"]) == (first["body"], first["subject"])
    assert again["headers"]["correlation_id"] == first["headers"]["correlation_id"]
    assert datetime.fromisoformat(again["headers"]["cloudEvents_time"]) == first["created_at"]
    assert again["headers"]["not_after"] == "2026-01-01T00:00:30+00:00"
    with open_work() as work:
        (entry,) = logged(work)
    assert (entry["action"], entry["about"]) == ("message.resend", f"message {message_id}")
    assert entry["actor"] == str(AUDITOR.user_id)


def test_no_second_copy_is_sent_while_one_is_under_way(call, publish, run):
    message_id = publish(sent_at="now")
    assert call("resend", message_id=message_id, to="orders")["repaired"]
    assert not call("resend", message_id=message_id, to="orders")["repaired"]
    run("UPDATE outbox SET sent_at = now() WHERE kind = 'again'")
    assert not call("resend", message_id=message_id, to="orders")["repaired"]
    assert call("resend", message_id=message_id, to="marketing")["repaired"]  # the copy for orders does not count
    run("UPDATE outbox SET sent_at = now() - interval '2 minutes' WHERE kind = 'again'")
    assert call("resend", message_id=message_id, to="orders")["repaired"]
    sendings = run("SELECT DISTINCT headers->>'jishi_resent' FROM outbox WHERE kind = 'again'").scalars().all()
    assert len(sendings) == 3, "each resend has its own id, which its dead letter contains"


def test_an_unsent_or_unknown_message_is_not_resent(call, publish):
    for message_id in (publish(), publish(failed_at="now"), str(new_id())):
        assert call("resend", message_id=message_id, to="orders") == {"repaired": False}
