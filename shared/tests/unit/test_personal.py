"""Personal values are stored encrypted and decrypt only in the column where they were written."""

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from shared.personal import (
    ERASED,
    BlindIndex,
    Kind,
    Personal,
    PersonalJson,
    Until,
    fold,
    keys,
    personal_of,
    sealing,
)
from shared.personal.columns import NotComparable, PlaceUnknown
from shared.personal.keys import PersonalKeyInvalid, PersonalKeyMissing
from shared.personal.sealing import PersonalValueUnreadable

person = sa.Table(
    "person",
    sa.MetaData(),
    sa.Column("name", Personal(Kind.NAME, Until.ERASED)),
    sa.Column("phone", Personal(Kind.PHONE, Until.ERASED)),
    sa.Column("address", PersonalJson(Kind.ADDRESS, Until.ERASED)),
    sa.Column("phone_index", BlindIndex()),
    sa.Column("name_index", BlindIndex()),
)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1)
SCALARS = st.none() | st.booleans() | st.integers() | TEXTS
JSON = st.recursive(SCALARS, lambda each: st.dictionaries(TEXTS, each, max_size=3), max_leaves=8)


def stored(column, value):
    return person.c[column].type.process_bind_param(value, None)


def read(column, value):
    return person.c[column].type.process_result_value(value, None)


def make_keys(folder, *numbers, **files):
    for name in (*(f"key-{number}" for number in numbers), "index"):
        (folder / name).write_text(keys.new_key())
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder


@pytest.fixture
def use_keys(monkeypatch):
    """Use the keys of this folder in this process."""

    def use(folder):
        monkeypatch.setenv(keys.SETTING, str(folder))
        keys.ring.cache_clear()

    yield use
    keys.ring.cache_clear()


@given(TEXTS)
def test_a_text_is_read_as_it_was_written_and_encrypted_differently_each_time(value):
    assert read("name", stored("name", value)) == value
    assert stored("name", value) != stored("name", value)
    assert len(value) < 4 or value.encode() not in stored("name", value)


@given(st.dictionaries(TEXTS, JSON, max_size=4))
def test_a_document_is_read_as_it_was_written(document):
    assert read("address", stored("address", document)) == document


@given(TEXTS, st.data())
def test_a_value_with_one_changed_bit_cannot_be_read(value, data):
    changed = bytearray(stored("name", value))
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(PersonalValueUnreadable):
        read("name", bytes(changed))


@given(TEXTS, st.data())
def test_a_truncated_value_cannot_be_read(value, data):
    whole = stored("name", value)
    with pytest.raises(PersonalValueUnreadable):
        read("name", whole[: data.draw(st.integers(0, len(whole) - 1))])


def test_a_value_moved_to_another_column_cannot_be_read():
    with pytest.raises(PersonalValueUnreadable, match=r"person\.phone"):
        read("phone", stored("name", "13800138000"))


def test_the_newest_key_encrypts_and_all_decrypt(tmp_path, use_keys):
    use_keys(make_keys(tmp_path, 1))
    old = stored("name", "林梅")
    (tmp_path / "key-12").write_text(keys.new_key())
    use_keys(tmp_path)
    assert read("name", old) == "林梅"
    assert (keys.ring().current, stored("name", "林梅")[:3]) == (12, sealing.HEADER.pack(1, 12))


def test_a_key_encrypts_when_current_names_it(tmp_path, use_keys):
    use_keys(make_keys(tmp_path, 1, 2, current="1\n"))
    assert stored("name", "林梅").startswith(sealing.HEADER.pack(1, 1))


def test_a_value_of_a_missing_key_cannot_be_read(tmp_path, use_keys):
    use_keys(make_keys(tmp_path, 1, 2))
    value = stored("name", "林梅")
    (tmp_path / "key-2").unlink()
    use_keys(tmp_path)
    with pytest.raises(PersonalValueUnreadable, match="key 2"):
        read("name", value)


@pytest.mark.parametrize("lacking", ["key-1", "index"])
def test_a_missing_key_is_an_error(tmp_path, use_keys, lacking):
    (make_keys(tmp_path, 1) / lacking).unlink()
    use_keys(tmp_path)
    with pytest.raises(PersonalKeyMissing, match="PERSONAL_KEYS_DIR"):
        keys.ring()


@pytest.mark.parametrize(
    "bad",
    [
        {"key-2": "change-me"},
        {"key-2": "AAAA"},
        {"two": keys.new_key()},
        {"key-70000": keys.new_key()},
        {"current": ""},
        {"current": "key-1"},
        {"current": "²"},
    ],
)
def test_an_invalid_key_file_is_refused_by_name(tmp_path, bad):
    make_keys(tmp_path, 1, **bad)
    with pytest.raises(PersonalKeyInvalid, match=next(iter(bad))):
        keys.read(tmp_path)


def test_current_must_name_an_existing_key(tmp_path):
    with pytest.raises(PersonalKeyMissing, match="3"):
        keys.read(make_keys(tmp_path, 1, current="3"))


@pytest.mark.parametrize("written", [" 138 0013 8000", "１３８ 0013 8000 ", "138 0013 8000"])
def test_equal_values_are_found_however_they_are_written(written):
    assert stored("phone_index", written) == stored("phone_index", "138 0013 8000")


def test_a_blind_index_depends_on_its_column_and_its_key(tmp_path, use_keys):
    index = stored("phone_index", "13800138000")
    assert index != stored("name_index", "13800138000")
    use_keys(make_keys(tmp_path, 1))
    assert index != stored("phone_index", "13800138000")


@given(TEXTS)
def test_folding_twice_is_folding_once(value):
    assert fold(fold(value)) == fold(value)


def test_an_erased_value_reads_as_empty():
    assert {stored(column, ERASED) for column in ("name", "address")} == {sealing.ERASED}
    assert (read("name", sealing.ERASED), read("address", sealing.ERASED)) == ("", None)
    assert stored("phone_index", ERASED) is None


def test_an_empty_text_is_stored_as_if_it_were_erased():
    assert stored("name", "") == sealing.ERASED


def test_an_encrypted_column_cannot_be_compared():
    with pytest.raises(NotComparable, match=r"person\.name"):
        sa.select(person).where(person.c.name == "林梅")
    assert str(person.c.name.is_not(None)) == "person.name IS NOT NULL"


def test_two_columns_cannot_share_a_type():
    shared = Personal(Kind.NAME, Until.ERASED)
    with pytest.raises(PlaceUnknown):
        sa.Table("two", sa.MetaData(), sa.Column("a", shared), sa.Column("b", shared))
    with pytest.raises(PlaceUnknown):
        Personal(Kind.NAME, Until.ERASED).process_bind_param("林梅", None)


def test_equal_types_of_different_columns_have_different_cache_keys():
    assert person.c.name.type._static_cache_key != Personal(Kind.NAME, Until.ERASED)._static_cache_key
    assert [column.name for column in personal_of(person)] == ["name", "phone", "address"]
