"""Subject and text of a message, from its template in the recipient's language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from shared import text
from users.accounts.front import Language

FILE = Path(__file__).parent / "templates.toml"
RECIPIENT = "recipient"
STORED, LINK = ("subject", "text"), "link"  # the parts of a template
LONGEST = 500  # characters of a parameter


class TemplateNotFound(LookupError):
    """There is no such template."""


class ParametersUnfit(ValueError):
    """The parameters are not those of the template, or one is not a single line of bounded length."""


@dataclass(frozen=True)
class Written:
    """The subject and text of a message."""

    subject: str
    text: str


def write(template: str, language: Language, parameters: Mapping[str, str], recipient: str) -> Written:
    """The message for this recipient. Raises TemplateNotFound, ParametersUnfit."""
    check(template, parameters)
    known = {**parameters, RECIPIENT: recipient}
    texts = _templates()[template][language]
    return Written(*(texts[part].strip().format_map(known) for part in STORED))


def has_link(template: str) -> bool:
    """Whether its mail has a link that the inbox does not have."""
    return LINK in _templates()[template][Language.EN]


def with_link(template: str, language: Language, link: str) -> str:
    """The lines of the mail with the link."""
    lines: str = _templates()[template][language][LINK]
    return lines.strip().format_map({LINK: link})


def check(template: str, parameters: Mapping[str, str]) -> None:
    """Raise TemplateNotFound, or ParametersUnfit, which contains the parameters' names but not their values."""
    wanted = parameters_of(template)
    if wanted != set(parameters):
        raise ParametersUnfit(f"{template}: {sorted(wanted ^ set(parameters))}")
    for name, value in parameters.items():
        if not _is_fit(value):
            raise ParametersUnfit(f"{template}: {name}")


def names() -> set[str]:
    """The names of all templates."""
    return set(_templates())


def parameters_of(template: str) -> set[str]:
    """The parameters that the sender must give. Raises TemplateNotFound."""
    if template not in _templates():
        raise TemplateNotFound(template)
    known = _templates()[template]
    parts = [known[language][part] for language in Language for part in STORED]
    shown = {name for part in parts for name in placeholders(part)}
    return (shown | set(known.get("also", ()))) - {RECIPIENT}


def placeholders(format_text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(format_text) if name}


def _is_fit(value: str) -> bool:
    try:
        return len(value) <= LONGEST and bool(value) and text.line(value) == value
    except text.UnfitText:
        return False


@cache
def _templates() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
