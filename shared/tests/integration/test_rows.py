"""Rows that wait are written by one statement, after the rows that they reference, or not at all."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

from shared.ids import new_id
from shared.round_trips import later
from shared.rows import after, append, change

METADATA = sa.MetaData()
PARTY = sa.Table(
    "party", METADATA, sa.Column("name", sa.Text, primary_key=True), sa.Column("size", sa.Integer, default=None)
)
GUEST = sa.Table(
    "guest",
    METADATA,
    sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("party", sa.Text, sa.ForeignKey("party.name")),
    sa.Column("of", sa.Text),  # a name with a meaning in SQL, as "order" and "position" have
)
THING = sa.Table(
    "thing",
    METADATA,
    sa.Column("thing_id", sa.Uuid, primary_key=True),
    sa.Column("text", sa.Text),
    sa.Column("number", sa.BigInteger),
    sa.Column("is_it", sa.Boolean),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("document", JSONB),
)


@pytest.fixture
def tables(open_work):
    """Transactions on the tables of these tests."""
    with open_work.engine.begin() as connection:
        METADATA.create_all(connection)
    return open_work


@pytest.fixture
def work(tables):
    with tables() as work:
        yield work


def party(work, *names, **options):
    append(work.connection, PARTY, [{"name": name} for name in names], **options)


def guests(work, of, *names):
    append(work.connection, GUEST, [{"name": name, "party": of} for name in names])


def inserted(sent):
    return [statement for statement in sent if statement.startswith("INSERT")]


def names(work, table=GUEST):
    order = table.c.position if table is GUEST else table.c.name
    return work.connection.execute(sa.select(table.c.name).order_by(order)).scalars().all()


def test_rows_of_a_table_that_wait_are_inserted_by_one_statement_in_the_given_order(work, sent):
    party(work, "a", "b")
    guests(work, "a", "Zoe", "Ann")
    party(work, "c")
    guests(work, "b", "Bob")
    append(work.connection, GUEST, [])
    assert sent == []
    assert names(work) == ["Zoe", "Ann", "Bob"]
    assert inserted(sent) == [
        "INSERT INTO party (name) VALUES ('a'),('b'),('c')",
        "INSERT INTO guest (name, party) VALUES ('Zoe', 'a'),('Ann', 'a'),('Bob', 'b')",
    ]


def test_rows_come_after_rows_that_they_may_reference_and_that_were_appended_later(work, sent):
    party(work, "a")
    with work.connection.begin_nested():  # sends what waits
        pass
    sent.clear()
    guests(work, "a", "Ann")
    party(work, "b")
    guests(work, "b", "Bob")
    guests(work, "a", "Cat")
    assert names(work) == ["Ann", "Bob", "Cat"]
    assert inserted(sent) == [
        "INSERT INTO guest (name, party) VALUES ('Ann', 'a')",
        "INSERT INTO party (name) VALUES ('b')",
        "INSERT INTO guest (name, party) VALUES ('Bob', 'b'),('Cat', 'a')",
    ]


def test_rows_come_after_an_insert_that_waits_and_that_they_may_reference(work):
    party(work, "a")
    guests(work, "a", "Ann")
    later(work.connection, sa.insert(PARTY), {"name": "b", "size": 2})
    guests(work, "b", "Bob")
    assert names(work) == ["Ann", "Bob"]


def test_rows_with_other_columns_are_inserted_by_another_statement(work, sent):
    append(work.connection, PARTY, [{"name": "a"}])
    append(work.connection, PARTY, [{"name": "b", "size": 5}])
    append(work.connection, PARTY, [{"name": "c", "size": 6}])
    assert names(work, PARTY) == ["a", "b", "c"]
    assert len(inserted(sent)) == 2


def test_rows_whose_keys_exist_are_left_out_only_if_that_was_asked_for(work, sent):
    party(work, "a")
    party(work, "a", "b", unless_known=True)
    party(work, "b", "c", unless_known=True)
    assert names(work, PARTY) == ["a", "b", "c"]
    assert len(inserted(sent)) == 2
    party(work, "a")
    with pytest.raises(IntegrityError):
        names(work, PARTY)
    work.connection.rollback()


def test_a_new_statement_begins_after_what_waited_was_sent(work, sent):
    party(work, "a")
    assert names(work, PARTY) == ["a"]
    party(work, "b")
    assert names(work, PARTY) == ["a", "b"]
    assert len(inserted(sent)) == 2


def in_a_transaction(tables, *steps, fails=False):
    with tables() as work:
        for step in steps:
            step(work)
        if fails:
            raise ZeroDivisionError


def test_rows_that_waited_in_a_transaction_that_was_rolled_back_are_forgotten(tables):
    with pytest.raises(ZeroDivisionError):
        in_a_transaction(tables, lambda work: party(work, "a"), fails=True)
    in_a_transaction(tables, lambda work: party(work, "b"))
    with tables() as work:
        assert names(work, PARTY) == ["b"]


def test_a_row_that_breaks_a_rule_undoes_everything_at_the_commit(tables):
    with pytest.raises(IntegrityError):
        in_a_transaction(
            tables, lambda work: party(work, "a"), lambda work: guests(work, "nobody's", "Ann", "Bob")
        )
    in_a_transaction(tables, lambda work: party(work, "b"))
    with tables() as work:
        assert names(work, PARTY) == ["b"]


def test_rows_can_be_appended_on_a_connection_of_sqlalchemy_s_own(database_url):
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        METADATA.create_all(connection)
        append(connection, PARTY, [{"name": "a"}, {"name": "b"}])
        append(connection, PARTY, [{"name": "b"}, {"name": "c"}], unless_known=True)
        assert connection.execute(sa.select(PARTY.c.name)).scalars().all() == ["a", "b", "c"]
    engine.dispose()


def test_a_change_sees_the_rows_that_wait_and_changes_only_those_with_these_values(work):
    append(work.connection, PARTY, [{"name": "a", "size": 1}, {"name": "b", "size": 2}])
    change(work.connection, PARTY, {"name": "b"}, {"size": 20})
    guests(work, "b", "Bob")
    change(work.connection, GUEST, {"name": "Bob", "party": "b"}, {"of": "'; DROP TABLE guest; --"})
    assert dict(work.connection.execute(sa.select(PARTY.c.name, PARTY.c.size)).all()) == {"a": 1, "b": 20}
    assert work.connection.execute(sa.select(GUEST.c.of)).scalar() == "'; DROP TABLE guest; --"


def resized(work, **sizes):
    for name, size in sizes.items():
        change(work.connection, PARTY, {"name": name}, {"size": size})


def sizes(work):
    return dict(work.connection.execute(sa.select(PARTY.c.name, PARTY.c.size)).all())


def updates(sent):
    return sum(statement.startswith("UPDATE") for statement in sent)


def test_rows_of_a_table_that_wait_are_changed_by_one_statement_and_the_last_change_of_a_row_counts(work, sent):
    party(work, "a", "b", "c")
    resized(work, a=1, b=2)
    guests(work, "b", "Bob")
    resized(work, b=None, c=3)
    assert sizes(work) == {"a": 1, "b": None, "c": 3}
    assert updates(sent) == 1
    resized(work, a=10)
    assert sizes(work)["a"] == 10
    assert updates(sent) == 2


def test_a_change_comes_after_rows_that_were_appended_later_than_an_earlier_change(work, sent):
    party(work, "a")
    resized(work, a=1)
    append(work.connection, PARTY, [{"name": "b", "size": 5}])
    resized(work, b=2)
    assert sizes(work) == {"a": 1, "b": 2}
    assert updates(sent) == 2


def test_a_change_comes_after_rows_whose_growth_was_ended(work):
    party(work, "a")
    assert sizes(work) == {"a": None}
    resized(work, a=1)
    party(work, "b")
    work.connection.connection.dbapi_connection.waiting.close_growth()
    resized(work, b=2)
    assert sizes(work) == {"a": 1, "b": 2}


def test_a_change_comes_after_rows_that_it_may_reference_and_that_were_appended_later(work):
    party(work, "a")
    guests(work, "a", "Ann", "Bob")
    assert len(names(work)) == 2
    change(work.connection, GUEST, {"name": "Ann"}, {"party": "a"})
    party(work, "b")
    change(work.connection, GUEST, {"name": "Bob"}, {"party": "b"})
    assert work.connection.execute(sa.select(GUEST.c.party).order_by(GUEST.c.name)).scalars().all() == ["a", "b"]


def test_changes_of_other_columns_keep_their_order(work):
    append(work.connection, GUEST, [{"name": "Ann", "of": "us"}, {"name": "Bob", "of": "us"}])
    change(work.connection, GUEST, {"name": "Ann"}, {"of": "you"})
    change(work.connection, GUEST, {"name": "Bob"}, {"of": "them", "position": 7})
    change(work.connection, GUEST, {"name": "Bob"}, {"of": "all"})
    found = work.connection.execute(sa.select(GUEST.c.name, GUEST.c.of, GUEST.c.position == 7)).all()
    assert sorted(found) == [("Ann", "you", False), ("Bob", "all", True)]


def test_a_change_comes_after_a_statement_that_waits(work):
    party(work, "a")
    resized(work, a=1)
    later(work.connection, sa.update(PARTY).values(size=PARTY.c.size + 5))
    resized(work, a=2)
    assert sizes(work) == {"a": 2}


def test_changes_in_a_transaction_that_was_rolled_back_are_forgotten(tables):
    in_a_transaction(tables, lambda work: party(work, "a"))
    with pytest.raises(ZeroDivisionError):
        in_a_transaction(tables, lambda work: resized(work, a=1), fails=True)
    in_a_transaction(tables, resized)
    with tables() as work:
        assert sizes(work) == {"a": None}


def test_a_time_after_a_delay_is_that_of_the_database_at_the_begin(work):
    row = {"thing_id": new_id(), "at": after(timedelta(minutes=2, milliseconds=250))}
    append(work.connection, THING, [row])
    late = text("SELECT at - now() FROM thing")
    assert work.connection.execute(late).scalar() == timedelta(minutes=2, milliseconds=250)
    change(work.connection, THING, {"thing_id": row["thing_id"]}, {"at": after(timedelta(0))})
    assert work.connection.execute(late).scalar() == timedelta(0)


def test_listeners_learn_of_rows_and_changes(tables):
    heard = []
    event.listen(tables.engine, "before_cursor_execute", lambda *call: heard.append(call[2].partition(" ")[0]))
    with tables() as work:
        party(work, "a")
        change(work.connection, PARTY, {"name": "a"}, {"size": 1})
    assert heard == ["INSERT", "UPDATE"]


@pytest.mark.parametrize(
    ("step", "is_write"),
    [
        (lambda work: work.connection.execute(sa.select(PARTY.c.name)), False),
        (lambda work: work.connection.execute(sa.select(PARTY.c.name).with_for_update()), False),
        (lambda work: work.connection.execute(text("\n   SELECT 1")), False),
        (lambda work: party(work, "a"), True),
        (lambda work: append(work.connection, PARTY, []), False),
        (lambda work: change(work.connection, PARTY, {"name": "a"}, {"size": 1}), True),
        (lambda work: later(work.connection, sa.insert(PARTY), {"name": "a"}), True),
        (lambda work: work.connection.execute(sa.update(PARTY).values(size=1)), True),
        (lambda work: work.connection.execute(sa.insert(PARTY), [{"name": "a"}, {"name": "b"}]), True),
        (lambda work: work.connection.execute(text("WITH gone AS (DELETE FROM party) SELECT 1")), True),
    ],
    ids=["select", "lock", "indented", "append", "nothing", "change", "later", "update", "many", "with"],
)
def test_whatever_may_change_rows_is_counted_as_a_write_and_a_reading_is_not(work, step, is_write):
    before = work.writes
    step(work)
    assert (work.writes > before) is is_write


TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8")) | st.text("ab'\"%\\;")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
EARLY = datetime(2000, 1, 1, tzinfo=UTC)
TIMES = st.timedeltas(timedelta(0), timedelta(days=36_500)).map(lambda since: EARLY + since)
ROW = st.fixed_dictionaries(
    {
        "text": st.none() | TEXT,
        "number": st.none() | st.integers(-(2**63), 2**63 - 1),
        "is_it": st.none() | st.booleans(),
        "at": st.none() | TIMES,
        "document": JSON,
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=4), changes=st.lists(ROW, min_size=1, max_size=4))
def test_any_values_are_stored_as_they_are(tables, rows, changes):
    known = [{"thing_id": new_id(), **row} for row in rows]
    with tables() as work:
        work.connection.execute(sa.delete(THING))
        append(work.connection, THING, known)
        assert stored(work) == known
        for row, changed in zip(known, changes, strict=False):
            change(work.connection, THING, {"thing_id": row["thing_id"]}, changed)
        expected = [{**row, **changed} for row, changed in zip(known, changes, strict=False)]
        assert stored(work) == expected + known[len(changes) :]


def stored(work):
    rows = work.connection.execute(sa.select(THING).order_by(THING.c.thing_id)).mappings()
    return list(map(dict, rows))
