"""The words of the web pages: the same in both languages."""

import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
WORDS = sorted(folder for folder in WEB.glob("*/src/words") if folder.is_dir())
KIT = WEB / "kit" / "src" / "words"
PARAMETER = re.compile(r"{(\w+)}")


def flat(words, before=""):
    """The texts by their full names."""
    if isinstance(words, str):
        return {before: words}
    return {name: text for key, value in words.items() for name, text in flat(value, f"{before}.{key}").items()}


def texts(folder, language):
    """The texts of an app, or of the kit, by their full names: `words/<area>/<language>.json`."""
    files = [json.loads(path.read_text()) for path in sorted(folder.glob(f"*/{language}.json"))]
    return {name[1:]: text for words in files for name, text in flat(words).items()}


def source_of(folder):
    return "\n".join(path.read_text() for path in folder.parent.rglob("*") if path.suffix in (".vue", ".ts"))


def asked_for(source):
    return set(re.findall(r"""\bt\(\s*['"]([\w.]+)['"]""", source))


APPS = [folder for folder in WORDS if folder != KIT]


@pytest.mark.parametrize("folder", WORDS, ids=lambda folder: folder.parents[1].name)
def test_every_text_exists_in_both_languages_with_the_same_parameters(folder):
    chinese, english = texts(folder, "zh-CN"), texts(folder, "en")
    assert chinese.keys() == english.keys()
    different = {
        name
        for name, text in chinese.items()
        if set(PARAMETER.findall(text)) != set(PARAMETER.findall(english[name]))
    }
    assert different == set()


@pytest.mark.parametrize("folder", WORDS, ids=lambda folder: folder.parents[1].name)
def test_every_text_is_used(folder):
    source = source_of(folder) + source_of(KIT)
    used = asked_for(source) | set(re.findall(r"'(\w+(?:\.\w+)+)'", source))
    families = tuple(pattern.split("$")[0] for pattern in re.findall(r"[`]([\w.]+\$)", source))
    assert [name for name in texts(folder, "en") if name not in used and not name.startswith(families)] == []


@pytest.mark.parametrize("folder", APPS, ids=lambda folder: folder.parents[1].name)
def test_every_text_that_is_asked_for_exists(folder):
    assert asked_for(source_of(folder)) - texts(folder, "en").keys() - texts(KIT, "en").keys() == set()


@pytest.mark.parametrize("folder", WORDS, ids=lambda folder: folder.parents[1].name)
def test_an_area_has_a_folder_with_a_file_for_each_language(folder):
    assert {path.name for path in folder.glob("*/*")} == {"zh-CN.json", "en.json"}
    assert [path for path in folder.iterdir() if path.is_file()] == []
