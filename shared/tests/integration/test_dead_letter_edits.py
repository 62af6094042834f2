"""Dead letters in groups: listed, archived together; and one that is retried with an edited body."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from shared import message_encoding, outbox, retention_periods, shapes
from shared.contracts import catalog, orders
from shared.contracts.operating.requests import (
    ArchiveDeadLetters,
    GetDeadLetter,
    ListDeadLetterGroups,
    RetryEditedDeadLetter,
)
from shared.contracts.operating.views import DeadLetterState
from shared.delivery import Delivery, Policy
from shared.ids import new_id
from shared.masking import MASK, Unmaskable, unmasked
from shared.operating import dead_letter_edits, dead_letter_groups, dead_letters
from shared.operating.dead_letter_actions import (
    MOST,
    DeadLetterClosed,
    DeadLetterTooOld,
    DeadLetterUnreadable,
)
from shared.operating.dead_letter_edits import DeadLetterSubjectChanged
from shared.operating.dead_letter_store import DeadLetterStore
from shared.shapes import Misshapen
from shared.testing import envelope, logged

LOW = "catalog.stock_low.v1"


def low(**known):
    return catalog.StockLow(**{"sku_id": new_id(), "product_id": new_id(), "shop_id": new_id(), **known})


@pytest.fixture
def kept(open_work):
    """Store a message as a dead letter; returns its id."""

    def _kept(message, body=None, failure=RuntimeError):
        sealed = envelope(message)
        delivery = Delivery(body or message_encoding.body(sealed), message_encoding.headers(sealed))
        dead = Policy(immediate=0, rungs=()).verdict(delivery, "tally.fail", failure("no stock"), 1)
        queue = {"dead_queue": f"tally:{message.topic}"}
        DeadLetterStore("tally", open_work.engine).run([Delivery(delivery.body, {**dead.headers, **queue})])
        with open_work() as work:
            return work.connection.execute(text("SELECT dead_letter_id FROM dead_letter ORDER BY 1 DESC")).scalar()

    return _kept


@pytest.fixture
def shown(open_work):
    def _shown(dead_letter_id):
        with open_work() as work:
            return shapes.dump(dead_letters.one(work, dead_letter_id))

    return _shown


@pytest.fixture
def retry(open_work):
    def _retry(dead_letter_id, body, note="three were counted twice"):
        given = body if isinstance(body, str) else json.dumps(body)
        request = RetryEditedDeadLetter(dead_letter_id=dead_letter_id, body=given, note=note)
        with open_work() as work:
            return dead_letter_edits.retry_edited(work, "ann", request)

    return _retry


def sent(open_work):
    """The outbox rows that return dead letters to their queues."""
    with open_work() as work:
        again = select(outbox.outbox).where(outbox.outbox.c.kind == "again")
        return [dict(row) for row in work.connection.execute(again).mappings()]


def entries(open_work):
    with open_work() as work:
        return logged(work)


def test_an_edited_message_is_sent_with_its_id_and_the_original_is_kept(kept, shown, retry, open_work):
    dead_letter_id = kept(low(available=3))
    original = shown(dead_letter_id)
    retried = retry(dead_letter_id, {**original["body"], "available": 2})
    assert retried.state is DeadLetterState.RETRIED
    assert shown(dead_letter_id)["body"] == original["body"]
    (row,) = sent(open_work)
    assert (str(row["message_id"]), row["queue"]) == (original["message_id"], f"tally:{LOW}")
    assert json.loads(row["body"]) == {**original["body"], "available": 2}


def test_an_edit_is_logged_with_digests_and_fields_and_without_values(kept, shown, retry, open_work):
    dead_letter_id = kept(low(available=3))
    body = shown(dead_letter_id)["body"]
    retry(dead_letter_id, {**body, "available": 2})
    (entry,) = entries(open_work)
    assert (entry["action"], entry["actor"], entry["note"]) == (
        "dead_letter.retry_edited",
        "ann",
        "three were counted twice",
    )
    with open_work() as work:
        before = bytes(dead_letters.find(work, dead_letter_id)["body"])
    assert entry["before"]["body_sha256"] == hashlib.sha256(before).hexdigest()
    assert entry["after"]["body_sha256"] == hashlib.sha256(sent(open_work)[0]["body"].encode()).hexdigest()
    assert entry["after"]["fields"] == ["available"]


@pytest.mark.parametrize(
    ("edit", "wrong"),
    [
        (lambda _: "{", "Not a valid JSON text."),
        (lambda _: "[1]", "Not a JSON object."),
        (lambda body: {**body, "available": "2"}, "available"),
        (lambda body: {name: value for name, value in body.items() if name != "shop_id"}, "shop_id"),
        (lambda body: {**body, "sku_id": "x"}, "sku_id"),
    ],
    ids=["no JSON", "no object", "a text for a number", "a field is missing", "no id"],
)
def test_a_body_that_does_not_fit_the_schema_is_refused_with_the_place(kept, shown, retry, open_work, edit, wrong):
    dead_letter_id = kept(low(available=3))
    with pytest.raises(Misshapen) as refused:
        retry(dead_letter_id, edit(shown(dead_letter_id)["body"]))
    assert wrong in str(refused.value.errors["body"])
    assert (sent(open_work), entries(open_work), shown(dead_letter_id)["state"]) == ([], [], "open")


def test_an_edited_message_stays_about_the_same_object(kept, shown, retry):
    message = low(available=3)
    dead_letter_id = kept(message)
    with pytest.raises(DeadLetterSubjectChanged):
        retry(dead_letter_id, {**shown(dead_letter_id)["body"], type(message).key: str(new_id())})


def test_a_message_that_could_not_be_read_is_mended_by_an_edit(kept, retry, open_work):
    message = low(available=3)
    dead_letter_id = kept(message, body=b'{"available": "three"}')
    retry(dead_letter_id, json.loads(message_encoding.body(envelope(message))))
    assert json.loads(sent(open_work)[0]["body"])["available"] == 3


def test_personal_data_that_was_masked_is_that_of_the_original(kept, shown, retry, open_work):
    message = orders.EraseBuyer(user_id=new_id())
    dead_letter_id = kept(message)
    body = shown(dead_letter_id)["body"]
    assert body["user_id"] == MASK
    retry(dead_letter_id, body)
    assert json.loads(sent(open_work)[0]["body"])["user_id"] == str(message.user_id)


def test_a_dead_letter_is_retried_with_an_edit_once(kept, shown, retry, open_work):
    dead_letter_id = kept(low(available=3))
    body = shown(dead_letter_id)["body"]
    retry(dead_letter_id, body)
    with pytest.raises(DeadLetterClosed):
        retry(dead_letter_id, body)
    assert len(sent(open_work)) == 1


def test_ib_06_an_old_dead_letter_is_not_retried_with_an_edit_either(kept, shown, retry, open_work):
    dead_letter_id = kept(low(available=3))
    with open_work() as work:
        older = "UPDATE dead_letter SET first_failed_at = first_failed_at - CAST(:by AS interval)"
        work.connection.execute(text(older), {"by": retention_periods.BY_HAND + timedelta(seconds=1)})
    with pytest.raises(DeadLetterTooOld):
        retry(dead_letter_id, shown(dead_letter_id)["body"])


def test_a_message_of_an_unknown_topic_cannot_be_edited(kept, retry, open_work):
    dead_letter_id = kept(low(available=3))
    with open_work() as work:
        work.connection.execute(text("UPDATE dead_letter SET topic = 'catalog.unknown.v9'"))
    with pytest.raises(DeadLetterUnreadable):
        retry(dead_letter_id, {})


@pytest.mark.parametrize(
    ("edited", "original", "result"),
    [
        ({"name": MASK, "n": 2}, {"name": "Mei", "n": 1}, {"name": "Mei", "n": 2}),
        ({"lines": [{"note": MASK}]}, {"lines": [{"note": "ring"}]}, {"lines": [{"note": "ring"}]}),
        ({"title": MASK}, {}, {"title": MASK}),
        ({"name": "Hua"}, {"name": "Mei"}, {"name": "Hua"}),
    ],
    ids=["a field", "in a list", "no personal field", "changed"],
)
def test_masked_values_are_restored_where_they_were(edited, original, result):
    assert unmasked(edited, original) == result


@pytest.mark.parametrize(
    ("edited", "original"),
    [
        ({"name": MASK}, {}),
        ({"name": MASK}, None),
        ({"a": [{"note": MASK}]}, {"a": [{"note": "x"}, {"note": "y"}]}),
    ],
    ids=["no field", "no original", "a list of another length"],
)
def test_a_masked_value_that_is_not_known_is_refused(edited, original):
    with pytest.raises(Unmaskable):
        unmasked(edited, original)


def groups(open_work, **which):
    with open_work() as work:
        return dead_letter_groups.groups(work, ListDeadLetterGroups(**which)).items


def archive(open_work, **which):
    request = ArchiveDeadLetters(**{"topic": LOW, "note": "a test", **which})
    with open_work() as work:
        return dead_letter_groups.archive_all(work, "ann", request)


def test_dead_letters_are_grouped_by_topic_and_cause_the_largest_first(kept, open_work):
    assert groups(open_work) == ()
    for failure in (RuntimeError, KeyError, RuntimeError):
        kept(low(available=1), failure=failure)
    kept(orders.EraseBuyer(user_id=new_id()))
    found = groups(open_work)
    assert [(each.topic, each.exception, each.number) for each in found] == [
        (LOW, "builtins.RuntimeError", 2),
        (LOW, "builtins.KeyError", 1),
        ("orders.erase_buyer.v1", "builtins.RuntimeError", 1),
    ]
    assert (found[0].queue, found[0].message, found[0].too_old) == (f"tally:{LOW}", "no stock", 0)
    assert found[0].oldest_at < found[0].newest_at
    with open_work() as work:
        older = "UPDATE dead_letter SET first_failed_at = now() - interval '30 days' WHERE topic = :topic"
        work.connection.execute(text(older), {"topic": LOW})
    assert [each.too_old for each in groups(open_work)] == [2, 1, 0]


def test_a_group_is_archived_with_one_entry_in_the_log(kept, open_work):
    one, two = kept(low(available=1)), kept(low(available=2))
    kept(low(available=3), failure=KeyError)
    kept(orders.EraseBuyer(user_id=new_id()))
    answer = archive(open_work, exception="builtins.RuntimeError")
    assert (answer.archived, answer.next) == (2, None)
    assert archive(open_work, exception="builtins.RuntimeError").archived == 0
    assert [each.number for each in groups(open_work)] == [1, 1]
    assert [each.number for each in groups(open_work, state=DeadLetterState.ARCHIVED)] == [2]
    (entry,) = entries(open_work)
    assert (entry["action"], entry["about"], entry["note"]) == (
        "dead_letter.archive_all",
        f"dead letters {LOW}",
        "a test",
    )
    assert entry["after"]["dead_letter_ids"] == [str(one), str(two)]
    assert archive(open_work).archived == 1


def test_a_large_group_is_archived_in_several_calls_without_what_comes_meanwhile(kept, open_work, monkeypatch):
    monkeypatch.setattr(dead_letter_groups, "MOST", 2)
    for _ in range(3):
        kept(low(available=1))
    first = archive(open_work)
    late = kept(low(available=1))
    second = archive(open_work, cursor=first.next)
    assert (first.archived, second.archived, second.next) == (2, 1, None)
    with open_work() as work:
        assert dead_letters.one(work, GetDeadLetter(dead_letter_id=late).dead_letter_id).state == "open"
    assert MOST == 500
