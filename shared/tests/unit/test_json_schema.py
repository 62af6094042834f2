"""JSON Schemas of shapes, as in the API document."""

from dataclasses import dataclass

from shared.json_schema import Components
from shared.shapes import dump, load


@dataclass(frozen=True)
class Words:
    """A text by language."""

    text: dict[str, str]


def test_a_text_by_language_has_a_schema():
    assert Components().properties(Words)["text"] == (
        {"type": "object", "additionalProperties": {"type": "string"}},
        True,
    )
    assert dump(load(Words, {"text": {"zh": "茶", "en": "tea"}})) == {"text": {"zh": "茶", "en": "tea"}}
