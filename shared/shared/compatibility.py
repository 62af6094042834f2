"""Checks that a message's schema is compatible with its released one: only optional additions are.

Both are JSON Schemas as `shared.asyncapi` writes them. Any other change needs a new version of the message.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
# Keywords that must not change. All others are descriptions, or are compared below.
FIXED = ("type", "format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "const")


class Broken(Exception):
    """A released message was changed in a way that its existing consumers cannot read."""

    def __init__(self, breaks: list[str]) -> None:
        self.breaks = breaks
        super().__init__("\n".join(["incompatible changes of released messages:", *breaks]))


def breaks(topic: str, released: Schema, now: Schema | None) -> list[str]:
    """The incompatible changes from the released schema to today's, one sentence for each field."""
    if now is None:
        return [f"{topic} was removed: a released message is published until nobody needs it"]
    return [
        f"{topic}: {field or 'the message'} {what}: new version"
        for field, what in _differences("", _At(released, released), _At(now, now))
    ]


class _At:
    """A position in a schema, and the document in which its references are resolved."""

    def __init__(self, schema: Schema, document: Schema) -> None:
        self.schema, self.document = self._followed(schema, document), document

    def into(self, schema: Schema) -> "_At":
        return _At(schema, self.document)

    @property
    def fields(self) -> Schema:
        return self.schema.get("properties", {})

    @property
    def required(self) -> set[str]:
        return set(self.schema.get("required", ()))

    @staticmethod
    def _followed(schema: Schema, document: Schema) -> Schema:
        while "$ref" in schema:
            schema = document["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        return schema


def _differences(field: str, old: _At, new: _At) -> Iterator[tuple[str, str]]:
    new = _as_the_one_kind(old, new)
    for name in FIXED:
        if old.schema.get(name) != new.schema.get(name):
            yield field, f"changed its {name} from {old.schema.get(name)} to {new.schema.get(name)}"
    yield from _lost_choices(field, old.schema.get("enum"), new.schema.get("enum"))
    yield from _fields(field, old, new)
    yield from _alternatives(field, old, new)
    yield from _kinds(field, old, new)
    if "items" in old.schema and "items" in new.schema:
        yield from _differences(f"{field}[]", old.into(old.schema["items"]), new.into(new.schema["items"]))


def _lost_choices(field: str, old: list[str] | None, new: list[str] | None) -> Iterator[tuple[str, str]]:
    if (old is None) != (new is None):
        yield field, "is no longer free text" if old is None else "is no longer a choice"
    for value in sorted(set(old or ()) - set(new or ())):
        yield field, f"lost its value {value}"


def _fields(field: str, old: _At, new: _At) -> Iterator[tuple[str, str]]:
    for name, schema in old.fields.items():
        path = f"{field}.{name}" if field else name
        if name not in new.fields:
            yield path, "was removed or renamed"
            continue
        if name in old.required - new.required:
            yield path, "may be missing now"
        yield from _differences(path, old.into(schema), new.into(new.fields[name]))
    for name in sorted(new.required - old.required):
        yield f"{field}.{name}" if field else name, "was made required"


def _alternatives(field: str, old: _At, new: _At) -> Iterator[tuple[str, str]]:
    before, after = old.schema.get("anyOf", []), new.schema.get("anyOf", [])
    if len(before) != len(after):
        yield field, "changed whether it may be null"
        return
    for one, other in zip(before, after, strict=True):
        yield from _differences(field, old.into(one), new.into(other))


def _kinds(field: str, old: _At, new: _At) -> Iterator[tuple[str, str]]:
    """A tagged union may gain kinds, as a choice may gain values."""
    before, after = _by_kind(old), _by_kind(new)
    for kind in before:
        if kind in after:
            yield from _differences(f"{field}({kind})", old.into(before[kind]), new.into(after[kind]))
        else:
            yield field, f"lost its kind {kind}"


def _as_the_one_kind(old: _At, new: _At) -> _At:
    """Today's schema of the kind that the released schema is: a union of one kind is written without the union."""
    kind = old.fields.get("kind", {}).get("const")
    return new.into(_by_kind(new)[kind]) if kind in _by_kind(new) else new


def _by_kind(at: _At) -> Schema:
    mapping = at.schema.get("discriminator", {}).get("mapping", {})
    return {kind: {"$ref": reference} for kind, reference in mapping.items()}
