"""The operator log: entries are written in the transaction of the action and never changed."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared import operator_actions
from shared.contracts.operating.requests import ListOperatorLog
from shared.operating import log
from shared.operator_actions import OperatorAction, acting
from shared.testing import logged


class PowerCut(Exception):
    """Simulates that the process ends in the middle of a transaction."""


def note(work, action="saga.resume", about="saga 1", **more):
    return log.note(work, actor="ann", action=action, about=about, note="the shop is back", **more)


def test_sg_17_the_log_records_who_did_what_when_and_why(open_work):
    with open_work() as work:
        entry_id = note(work, before={"status": "stuck"}, after={"status": "running"})
        timestamp = work.now
    with open_work() as work:
        assert logged(work) == [
            {
                "entry_id": str(entry_id),
                "at": timestamp.isoformat(),
                "actor": "ann",
                "action": "saga.resume",
                "about": "saga 1",
                "note": "the shop is back",
                "before": {"status": "stuck"},
                "after": {"status": "running"},
            }
        ]


def test_a_rolled_back_action_is_not_in_the_log(open_work):
    with suppress(PowerCut), open_work() as work:
        note(work)
        raise PowerCut
    with open_work() as work:
        assert logged(work) == []


@pytest.mark.parametrize(
    "change", ["UPDATE operator_log SET actor = 'nobody'", "DELETE FROM operator_log", "TRUNCATE operator_log"]
)
def test_sg_17_entries_of_the_log_cannot_be_changed(open_work, change):
    with open_work() as work:
        note(work)
    with pytest.raises(DBAPIError, match="append-only"), open_work() as work:
        work.connection.execute(text(change))


def test_the_log_is_listed_page_by_page_newest_first_and_by_subject(open_work):
    with open_work() as work:
        ids = [str(note(work, about=f"saga {place % 2}")) for place in range(5)]
        other = str(note(work, action="dead_letter.archive", about="dead letter 1"))
    with open_work() as work:
        first = log.entries(work, ListOperatorLog(action="saga.resume", limit=3))
        second = log.entries(work, ListOperatorLog(action="saga.resume", cursor=UUID(first.next), limit=3))
        assert [str(one.entry_id) for one in first.items + second.items] == ids[::-1]
        assert second.next is None
        assert [one["entry_id"] for one in logged(work, about="saga 1")] == [ids[3], ids[1]]
        assert logged(work, limit=1)[0]["entry_id"] == other


def acted(open_work, *watched, later=timedelta(), actor="ann", reads=False, about="shop_id"):
    """Perform an operator action on a fact with these successive states; returns the log."""
    facts = iter(watched)
    action = OperatorAction(
        actor=actor, action="order.list", request={about: 1}, privileged=True, reads=reads, write=log.write
    )
    with acting(action), open_work() as work:
        work.now += later
        if watched:
            operator_actions.watch(lambda: next(facts))
    with open_work() as work:
        return logged(work)


def test_a_read_is_logged_once_an_hour_for_each_person_and_subject(open_work):
    def read(**more):
        return len(acted(open_work, reads=True, **more))

    assert (read(), read(), read(later=timedelta(minutes=59))) == (1, 1, 1)
    assert (read(actor="bob"), read(about="order_id"), read(later=timedelta(minutes=61))) == (2, 3, 4)


def test_a_change_is_logged_each_time(open_work):
    assert [len(acted(open_work, {"n": 1}, {"n": 2})) for _ in range(2)] == [1, 2]


def test_before_and_after_contain_the_difference(open_work):
    before = {"title": "cup", "prices": {"a": 1, "b": 2}}
    (entry,) = acted(open_work, before, {"title": "cup", "prices": {"a": 1, "b": 3, "c": 4}, "note": None})
    assert entry["before"] == {"prices": {"b": 2}}
    assert entry["after"] == {"prices": {"b": 3, "c": 4}, "note": None}


def test_a_long_value_is_logged_shortened(open_work):
    (entry,) = acted(open_work, {"text": "短"}, {"text": "长" * 1_000_000})
    assert entry["before"] == {"text": "短"}
    assert entry["after"]["text"].startswith('"长长')
    assert len(entry["after"]["text"]) == operator_actions.LONGEST_FACT + 1


def test_the_log_is_filtered_by_actor_and_time(open_work):
    with open_work() as work:
        note(work, about="saga 1")
    with open_work() as work:
        log.note(work, actor="bob", action="saga.skip", about="saga 2")
        between = work.now
    with open_work() as work:
        note(work, about="saga 3")

    def about(**which):
        with open_work() as work:
            return [entry.about for entry in log.entries(work, ListOperatorLog(**which)).items]

    assert about(actor="ann") == ["saga 3", "saga 1"]
    assert about(since=between) == ["saga 3", "saga 2"]
    assert about(until=between) == ["saga 1"]
    assert about(actor="ann", since=between) == ["saga 3"]
    assert about(since=between + timedelta(hours=1)) == about(actor="an") == []


def test_the_entries_of_an_actor_are_found_in_order_by_an_index(open_work):
    explained = "EXPLAIN SELECT * FROM operator_log WHERE actor = 'ann' ORDER BY entry_id DESC LIMIT 21"
    with open_work() as work:
        for setting in ("seqscan", "sort", "bitmapscan"):
            work.connection.execute(text(f"SET LOCAL enable_{setting} = off"))
        assert "operator_log_actor" in "".join(work.connection.execute(text(explained)).scalars())
