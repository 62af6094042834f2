"""The lists of pyproject.toml that name every service, filled from the manifest.

    containers = ["catalog", "orders"]  # each service: {}
    forbidden_modules = [...]           # each service: {}.work, {}.service

A list followed by such a comment has an entry of each service for each pattern; its other entries are kept. One
that takes several lines has a line for each pattern.
"""

import re
from collections.abc import Iterable, Sequence

LIST = re.compile(r"\[(?P<entries>[^\[\]]*)\](?P<mark> *# each service: (?P<patterns>.+))$", re.MULTILINE)
ENTRY = re.compile(r'"[^"]*"')


def filled(text: str, services: Sequence[str]) -> str:
    """The text with an entry of each of these services in every marked list."""
    return LIST.sub(lambda found: _filled(found, services), text)


def _filled(found: re.Match[str], services: Sequence[str]) -> str:
    patterns = found["patterns"].split(", ")
    entries = ENTRY.findall(found["entries"])
    lines = [[f'"{pattern.replace("{}", service)}"' for service in services] for pattern in patterns]
    made = {entry for line in lines for entry in line}
    first = next((place for place, entry in enumerate(entries) if entry in made), len(entries))
    before = [entry for entry in entries[:first] if entry not in made]
    after = [entry for entry in entries[first:] if entry not in made]
    wide = "\n" in found["entries"]
    return f"[{_laid_out([before, *lines, after], wide=wide)}]{found['mark']}"


def _laid_out(lines: Iterable[list[str]], *, wide: bool) -> str:
    if wide:
        return "\n" + "".join(f"    {', '.join(line)},\n" for line in lines if line)
    return ", ".join(entry for line in lines for entry in line)
