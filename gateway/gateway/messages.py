"""The texts of problems: one for each code, and the Chinese of more specific sentences."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from gateway.languages import Language

FOLDER = Path(__file__).parent
SENTENCES = re.compile(r"(?<=[。！？])|(?<=[.!?]) ")
BETWEEN = {Language.EN: " ", Language.ZH: ""}


@cache
def texts() -> dict[str, dict[str, str]]:
    """The texts of messages.toml, by code and language."""
    return tomllib.loads((FOLDER / "messages.toml").read_text(encoding="utf-8"))


@cache
def phrases() -> Mapping[str, str]:
    """The Chinese of phrases.toml by the English."""
    listed = tomllib.loads((FOLDER / "phrases.toml").read_text(encoding="utf-8"))["phrase"]
    return {each["en"]: each["zh"] for each in listed}


def detail(code: str, language: Language, facts: Mapping[str, Any], written: str = "") -> str:
    """The detail of a problem. `written`, a more specific English sentence, replaces the text of the code.

    In Chinese it is translated; without a translation, only the text of the code is used.
    """
    known = texts().get(code)
    if written and language is Language.ZH:
        written = _translated(written) or ("" if known else written)
    return written or (_filled(known[language], language, facts) if known else "")


def field_errors(errors: Any, language: Language) -> Any:
    """The errors of fields, by their paths, in another language; texts without a translation are kept."""
    if isinstance(errors, Mapping):
        return {name: field_errors(inner, language) for name, inner in errors.items()}
    if isinstance(errors, list):
        return [field_errors(inner, language) for inner in errors]
    if isinstance(errors, str) and language is Language.ZH:
        return _translated(errors) or errors
    return errors


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _filled(text: str, language: Language, facts: Mapping[str, Any]) -> str:
    """The text with its facts; sentences whose facts are missing are left out."""
    given = {name: _shown(value) for name, value in facts.items() if value is not None}
    sentences = [each.format(**given) for each in SENTENCES.split(text) if placeholders(each) <= given.keys()]
    return BETWEEN[language].join(sentences).strip()


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _translated(english: str) -> str | None:
    """The Chinese of an English sentence; None where phrases.toml has none."""
    found = ((pattern.fullmatch(english), zh) for pattern, zh in _patterns())
    return next((zh.format(**match.groupdict()) for match, zh in found if match), None)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile("".join(_pattern(en)), re.DOTALL), zh) for en, zh in phrases().items()]


def _pattern(english: str) -> Iterator[str]:
    for literal, name, _, _ in Formatter().parse(english):
        yield re.escape(literal)
        if name:
            yield f"(?P<{name}>.+?)"
