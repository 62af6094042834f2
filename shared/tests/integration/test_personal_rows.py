"""Personal columns in PostgreSQL: no plain text, rotation, erasure, and erasure of a restored backup."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import psycopg2
import pytest
import sqlalchemy as sa

from shared.contracts.auditing.requests import AuditErasures
from shared.contracts.auditing.views import AuditPage
from shared.ids import new_id
from shared.personal import ERASED, BlindIndex, Kind, Personal, PersonalJson, Until, keys, sealing
from shared.personal.audited import audit_page
from shared.personal.erasing import Eraser, Holding, erased_persons, is_erased
from shared.personal.replay import lines, read, replay
from shared.personal.rotate import rotate, tables_in

person_note = sa.Table(
    "person_note",
    sa.MetaData(),
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("nth", sa.Integer, primary_key=True),
    sa.Column("note", Personal(Kind.TEXT, Until.ERASED), nullable=False),
    sa.Column("place", PersonalJson(Kind.ADDRESS, Until.ERASED)),
    sa.Column("note_index", BlindIndex(), unique=True),
)
ERASER = Eraser(Holding(table=person_note, of=lambda user_id: person_note.c.user_id == user_id))


@pytest.fixture
def keys_of_tokens(request):
    return request.getfixturevalue("keys")  # the fixture of conftest; in this file the name is a module


@pytest.fixture
def own_keys(tmp_path, monkeypatch):
    """Use a folder of keys for this test; calling the fixture adds a key, which becomes the current one."""
    numbers = iter(range(1, 10))

    def add():
        (tmp_path / f"key-{next(numbers)}").write_text(keys.new_key())
        keys.ring.cache_clear()

    (tmp_path / "index").write_text(keys.new_key())
    monkeypatch.setenv(keys.SETTING, str(tmp_path))
    add()
    yield add
    keys.ring.cache_clear()


def write(open_work, user_id, nth, note="喜欢绿茶", place=None):
    row = {"user_id": user_id, "nth": nth, "note": note, "place": place, "note_index": f"{note} {user_id} {nth}"}
    with open_work() as work:
        work.connection.execute(sa.insert(person_note).values(row))


def notes(open_work, **of):
    which = [person_note.c[name] == value for name, value in of.items()]
    with open_work() as work:
        rows = work.connection.execute(sa.select(person_note).where(*which).order_by(person_note.c.nth))
        return [(row.note, row.place) for row in rows]


def raw(open_work, column="note"):
    """The stored bytes, read without SQLAlchemy's types."""
    url = open_work.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM person_note ORDER BY user_id, nth")
        found = [bytes(row[0]) for row in cursor.fetchall() if row[0] is not None]
    connection.close()
    return found


def test_the_database_holds_no_plain_text(open_work):
    write(open_work, new_id(), 1, note="13800138000", place={"street": "文三路 90 号"})
    held = [*raw(open_work), *raw(open_work, "place"), *raw(open_work, "note_index")]
    assert len(held) == 3
    assert not [value for value in held if b"138001" in value or "文三路".encode() in value]


def test_a_row_is_found_by_its_blind_index(open_work):
    mei = new_id()
    write(open_work, mei, 1, note="绿茶")
    write(open_work, mei, 2, note="红茶")
    assert notes(open_work, note_index=f" 绿茶 {str(mei).upper()} 1") == [("绿茶", None)]


def test_stored_answers_are_encrypted(open_work):
    with open_work() as work:
        work.once("mei", "add", "k", {}, lambda: {"phone": "13800138000"})
        held = work.connection.execute(sa.text("SELECT answer FROM idempotency")).scalar_one()
    assert b"13800138000" not in bytes(held)
    with open_work() as work:
        assert work.once("mei", "add", "k", {}, dict) == {"phone": "13800138000"}


@pytest.mark.parametrize("batch", [2, 100])
def test_rotation_encrypts_everything_with_the_newest_key(open_work, own_keys, batch):
    mei = new_id()
    for nth in range(5):
        write(open_work, mei, nth, note=f"注 {nth}", place={"nth": nth} if nth % 2 else None)
    before = notes(open_work)
    own_keys()
    write(open_work, mei, 5)
    assert rotate(open_work.engine, [person_note], batch) == 5
    assert {value[:3] for column in ("note", "place") for value in raw(open_work, column)} == {
        sealing.HEADER.pack(1, 2)
    }
    assert notes(open_work)[:5] == before
    assert rotate(open_work.engine, [person_note], batch) == 0


def test_an_interrupted_rotation_can_be_resumed_and_leaves_erased_values(open_work, own_keys, monkeypatch):
    mei = new_id()
    for nth in range(4):
        write(open_work, mei, nth)
    with open_work() as work:
        erased = sa.update(person_note).where(person_note.c.nth == 1).values(note=ERASED, note_index=ERASED)
        work.connection.execute(erased)
    own_keys()
    seal, sealed = sealing.seal, []

    def stop_at_the_third(*given):
        sealed.append(given)
        if len(sealed) == 3:
            raise KeyboardInterrupt
        return seal(*given)

    with monkeypatch.context() as stopping:
        stopping.setattr(sealing, "seal", stop_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            rotate(open_work.engine, [person_note], 1)
    assert rotate(open_work.engine, [person_note], 1) == 1
    assert raw(open_work)[1] == sealing.ERASED


def test_rotation_finds_the_tables_of_a_database(open_work):
    assert {"idempotency", "person_note"} <= {table.name for table in tables_in(open_work.engine)}


def erase(open_work, user_id):
    with open_work() as work:
        return ERASER.erase(work, user_id)


def test_erasure_overwrites_the_data_of_one_person_and_records_it(open_work):
    mei, tom = new_id(), new_id()
    for user_id in (mei, tom):
        write(open_work, user_id, 1, place={"street": "文三路"})
    with open_work() as work:
        work.once(str(mei), "add", "k", {}, lambda: {"phone": "13800138000"})
    assert erase(open_work, mei) == 2
    assert notes(open_work, user_id=mei) == [("", None)]
    assert notes(open_work, user_id=tom) == [("喜欢绿茶", {"street": "文三路"})]
    with open_work() as work:
        assert (is_erased(work.connection, mei), is_erased(work.connection, tom)) == (True, False)
    assert erase(open_work, mei) == 0


def audited(open_work, **wanted):
    with open_work() as work:
        return audit_page(work, ERASER, AuditErasures(**wanted))


def test_the_auditor_lists_erased_persons_with_remaining_data(open_work):
    mei, tom = sorted(new_id() for _ in range(2))
    for user_id in (mei, tom):
        erase(open_work, user_id)
    assert audited(open_work) == AuditPage(items=(), checked=2, next=None)
    write(open_work, tom, 1)
    assert [(item["user_id"], item["left"]) for item in audited(open_work).items] == [(str(tom), 1)]
    assert audited(open_work, limit=1) == AuditPage(items=(), checked=1, next=str(mei))
    assert audited(open_work, after=mei).checked == 1
    assert audited(open_work, ids=(mei,)).items == ()


def test_a_page_of_erased_persons_takes_one_statement(open_work):
    for _ in range(5):
        erase(open_work, new_id())
    statements = []
    with open_work() as work:
        sa.event.listen(work.connection, "before_cursor_execute", lambda *about: statements.append(about[2]))
        assert audit_page(work, ERASER, AuditErasures()).checked == 5
    assert len([one for one in statements if "erased_person" in one]) == 1
    assert not [one for one in statements if "person_note" in one and "erased_person" not in one]


def test_a_restored_backup_is_erased_again_by_the_list_of_another_service(open_work):
    mei, tom = new_id(), new_id()
    write(open_work, mei, 1)
    write(open_work, tom, 1)
    at = datetime(2026, 3, 1, 8, 30, 0, 7, UTC)
    listed = read(["\n", *lines([(mei, at)])])
    assert replay(open_work, ERASER, listed) == 1
    assert (notes(open_work, user_id=mei), notes(open_work, user_id=tom)) == ([("", None)], [("喜欢绿茶", None)])
    with open_work() as work:
        assert list(erased_persons(work.connection)) == listed == [(mei, at)]
    assert replay(open_work, ERASER, [(mei, datetime.now(UTC))]) == 0
    with open_work() as work:
        assert list(erased_persons(work.connection)) == listed


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("00000000-0000-0000-0000-000000000001", "values to unpack"),
        ("mei 2026-03-01T08:30:00+00:00", "UUID"),
        ("00000000-0000-0000-0000-000000000001 2026-03-01T08:30:00", "no time zone"),
    ],
)
def test_a_list_with_an_incomplete_line_is_refused(line, error):
    with pytest.raises(ValueError, match=error):
        read([line])


def test_a_service_does_not_start_without_keys(keys_of_tokens):
    environment = {name: value for name, value in os.environ.items() if name != keys.SETTING}
    command = [sys.executable, "-m", "shared.run", "tally"]
    ended = subprocess.run(command, env=environment | keys_of_tokens, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert f"MissingSetting: {keys.SETTING}" in ended.stderr
