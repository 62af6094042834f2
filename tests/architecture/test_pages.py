"""The documentation: every setting is listed, every page is in the index, every link resolves."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("shared/shared", "gateway/gateway", "services/*/*", "deploy/sandbox")
PAGES = sorted(
    page.relative_to(ROOT)
    for pattern in ("*.md", "docs/**/*.md", "services/*/README.md", "deploy/**/*.md")
    for page in ROOT.glob(pattern)
)


def code():
    files = (file for pattern in SOURCES for folder in ROOT.glob(pattern) for file in folder.rglob("*.py"))
    return "\n".join(f.read_text() for f in files if not {"tests", "testing"} & set(f.relative_to(ROOT).parts))


def listed():
    """The names in the first column of the table of settings, without _FILE."""
    table = (ROOT / "docs/running.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    opening = "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    return {name.removesuffix("_FILE") for name in re.findall(r"`([A-Z0-9_]+)`", opening)}


def test_every_setting_that_the_code_reads_is_listed():
    read = set(re.findall(r'settings\.(?:text|number|whole|secret)\(\s*"([A-Z0-9_]+)"', code()))
    assert len(read) > 30
    assert read - listed() == set()


def test_every_listed_setting_is_read():
    quoted = set(re.findall(r'"([A-Z0-9_]+)"', code()))
    assert listed() - quoted == set()


def test_every_page_of_the_documentation_is_in_its_index():
    index = (ROOT / "docs/README.md").read_text()
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md", "plan.md"}
    assert {name for name in pages if f"]({name})" not in index} == set()


def anchors(page):
    """The anchors that GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_of_a_page_resolves(page):
    here = ROOT / page
    for path, anchor in re.findall(r"\]\((?!\w+:)([^)#]*)(?:#([^)]+))?\)", here.read_text()):
        there = (here.parent / path).resolve() if path else here
        assert there.exists(), path
        assert not anchor or anchor in anchors(there), f"{path}#{anchor}"
