"""The words of the web pages: the same in both languages."""

import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
WORDS = sorted(folder for folder in WEB.glob("*/src/words") if folder.is_dir())
PARAMETER = re.compile(r"{(\w+)}")


def flat(words, before=""):
    """The texts by their full names."""
    if isinstance(words, str):
        return {before: words}
    return {name: text for key, value in words.items() for name, text in flat(value, f"{before}.{key}").items()}


@pytest.mark.parametrize("folder", WORDS, ids=lambda folder: folder.parents[1].name)
def test_every_text_exists_in_both_languages_with_the_same_parameters(folder):
    chinese, english = (flat(json.loads((folder / f"{name}.json").read_text())) for name in ("zh-CN", "en"))
    assert chinese.keys() == english.keys()
    different = {
        name
        for name, text in chinese.items()
        if set(PARAMETER.findall(text)) != set(PARAMETER.findall(english[name]))
    }
    assert different == set()


@pytest.mark.parametrize("folder", WORDS, ids=lambda folder: folder.parents[1].name)
def test_every_text_is_used_and_every_used_text_exists(folder):
    names = {name[1:] for name in flat(json.loads((folder / "en.json").read_text()))}
    source = "\n".join(path.read_text() for path in folder.parent.rglob("*") if path.suffix in (".vue", ".ts"))
    used = set(re.findall(r"""\bt\(\s*['"]([\w.]+)['"]""", source)) | set(re.findall(r"'(\w+(?:\.\w+)+)'", source))
    families = {pattern.split("$")[0] for pattern in re.findall(r"\bt\(\s*`([\w.]+\$)", source)}
    assert {name for name in names if name not in used and not name.startswith(tuple(families))} == set()
    assert {name for name in re.findall(r"""\bt\(\s*['"]([\w.]+)['"]""", source) if name not in names} == set()
