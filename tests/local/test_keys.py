"""The keys of personal columns of an installation are created once, and existing keys are never replaced."""

import pytest

from local.keys import make_personal_keys
from shared.personal import keys


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("there", [True, False])
def test_an_installation_without_keys_gets_both(tmp_path, there):
    folder = tmp_path / "secrets" / "personal"
    if there:
        folder.mkdir(parents=True)
    make_personal_keys(folder)
    assert keys.read(folder).current == 1
    made = contents(folder)
    make_personal_keys(folder)
    assert contents(folder) == made
    assert [path.name for path in folder.parent.iterdir()] == ["personal"]


@pytest.mark.parametrize("names", [("key-2", "index"), ("key-1",), ("index",)])
def test_a_folder_with_any_key_is_left_unchanged(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text(keys.new_key())
    before = contents(tmp_path)
    make_personal_keys(tmp_path)
    assert contents(tmp_path) == before


def test_an_interrupted_creation_of_keys_is_repeated(tmp_path):
    (tmp_path / "personal.new").mkdir()
    (tmp_path / "personal.new" / "key-1").write_text("half")
    make_personal_keys(tmp_path / "personal")
    assert keys.read(tmp_path / "personal").current == 1
