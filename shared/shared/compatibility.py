"""Whether a message's schema still keeps what a released one promised: only additions that may be missing do.

Both are JSON Schemas as `shared.asyncapi` writes them. Who wants more declares a new version beside the old.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
# What a field is; everything else that a schema says is text for people, or is looked into below.
NATURE = ("type", "format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "const")


class Broken(Exception):
    """A released message was changed so that somebody who knows the released one cannot read it any more."""

    def __init__(self, breaks: list[str]) -> None:
        self.breaks = breaks
        super().__init__("\n".join(["a released message keeps what it promised:", *breaks]))


def breaks(topic: str, released: Schema, now: Schema | None) -> list[str]:
    """What keeps a reader of the released schema from reading messages of today's, one sentence a field."""
    if now is None:
        return [f"{topic} was removed: what was released is said and heard until nobody needs it"]
    return [
        f"{topic}: {field or 'the message'} {what}: new version"
        for field, what in _differences("", _At(released, released), _At(now, now))
    ]


class _At:
    """A place in a schema, and the document that its references lead into."""

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
    for name in NATURE:
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
        yield field, "is no free text any more" if old is None else "is no choice any more"
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
    """A tagged union may gain a kind, as a choice may gain a value."""
    before, after = _by_kind(old), _by_kind(new)
    for kind in before:
        if kind in after:
            yield from _differences(f"{field}({kind})", old.into(before[kind]), new.into(after[kind]))
        else:
            yield field, f"lost its kind {kind}"


def _as_the_one_kind(old: _At, new: _At) -> _At:
    """A union of one kind is written as that kind; when others join, it is still the same one to its readers."""
    kind = old.fields.get("kind", {}).get("const")
    return new.into(_by_kind(new)[kind]) if kind in _by_kind(new) else new


def _by_kind(at: _At) -> Schema:
    mapping = at.schema.get("discriminator", {}).get("mapping", {})
    return {kind: {"$ref": reference} for kind, reference in mapping.items()}
