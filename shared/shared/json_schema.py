"""JSON Schema (2020-12, as OpenAPI 3.1 uses it) of the dataclasses of requests and messages."""

import types
from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

import marshmallow as ma

from shared.dumping import alternatives, dataclass_of, hints
from shared.loading import is_required

Schema = dict[str, Any]
SCALARS: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Any: {},
}


class Components:
    """The named schemas of one document; each dataclass is defined once and referred to.

    `at` is their location in the document. `complete` as in `shapes.load`: which fields may be missing. `mapped`:
    a discriminator is an object with a mapping, as in OpenAPI; in AsyncAPI it is the property's name.
    """

    def __init__(self, at: str = "#/components/schemas/", *, complete: bool = False, mapped: bool = True) -> None:
        self._at, self._complete, self._mapped = at, complete, mapped
        self.schemas: dict[str, Schema] = {}
        self._shapes: dict[str, type] = {}

    def of(self, hint: Any) -> Schema:
        """The schema of a field's type."""
        origin, args = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            found = self._alternative([a for a in args if a is not type(None)])
            return nullable(found) if type(None) in args else found
        if origin in (list, tuple):
            return {"type": "array", "items": self.of(args[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(args[1])}
        if origin is Literal or (isinstance(hint, type) and issubclass(hint, Enum)):
            return _choice(hint)
        if dataclass_of(hint):
            return self._named(hint)
        return dict(SCALARS[hint])

    def properties(self, shape: Any, only: Collection[str] = ()) -> dict[str, tuple[Schema, bool]]:
        """Each field's schema and whether it is required; if `only` is not empty, of these fields alone."""
        types_of, made = hints(shape), dataclass_of(shape)
        return {
            spec.name: (self.of(types_of[spec.name]) | _bounds(spec), is_required(spec, complete=self._complete))
            for spec in fields(made or shape)
            if not only or spec.name in only
        }

    def part(self, shape: Any, only: Collection[str]) -> Schema:
        """A reference to the schema of some of a dataclass's fields, stored under the dataclass's name."""
        return self._kept(shape, only)

    def object(self, shape: Any, only: Collection[str] = ()) -> Schema:
        """The schema of a dataclass itself, not a reference."""
        found = self.properties(shape, only)
        return {
            "type": "object",
            "description": described(dataclass_of(shape) or shape),
            "properties": {name: schema for name, (schema, _) in found.items()},
            "required": [name for name, (_, required) in found.items() if required],
        }

    def _alternative(self, shapes: list[Any]) -> Schema:
        """The schema of the only type, or of a union tagged by `kind`."""
        if len(shapes) == 1:
            return self.of(shapes[0])
        by_tag = {tag: self.of(shape) for tag, shape in alternatives(tuple(shapes)).items()}
        mapping = {tag: schema["$ref"] for tag, schema in by_tag.items()}
        discriminator = {"propertyName": "kind", "mapping": mapping} if self._mapped else "kind"
        return {"oneOf": [*by_tag.values()], "discriminator": discriminator}

    def _named(self, shape: Any) -> Schema:
        return self._kept(shape, ())

    def _kept(self, shape: Any, only: Collection[str]) -> Schema:
        name = _name(shape)
        if self._shapes.setdefault(name, shape) is not shape:
            raise TypeError(f"two dataclasses are named {name}")
        if name not in self.schemas:
            self.schemas[name] = {}
            self.schemas[name] = self.object(shape, only)
        return {"$ref": f"{self._at}{name}"}


def _name(shape: Any) -> str:
    """A dataclass's name: CouponPage for Page[Coupon]."""
    made = get_origin(shape)
    return "".join(_name(each) for each in get_args(shape)) + made.__name__ if made else str(shape.__name__)


def nullable(schema: Schema) -> Schema:
    """The schema, or null."""
    if "type" in schema and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else {}


def described(shape: Any) -> str:
    """A class's docstring on one line."""
    return " ".join((shape.__dict__.get("__doc__") or "").split())


def _choice(hint: Any) -> Schema:
    if get_origin(hint) is Literal:
        return {"type": "string", "const": get_args(hint)[0]}
    published = {"description": described(hint)} if described(hint) else {}
    return {"type": "string", **published, "enum": [member.value for member in hint]}


def _bounds(spec: Any) -> Schema:
    rule = spec.metadata.get("validate")
    if isinstance(rule, ma.validate.Range) and isinstance(rule.min, int):  # JSON Schema cannot bound timestamps
        return {"minimum": rule.min, "maximum": rule.max}
    if isinstance(rule, ma.validate.Length):
        kind = "Items" if get_origin(_plain(spec.type)) in (tuple, list) else "Length"
        return {f"min{kind}": rule.min, f"max{kind}": rule.max}
    return {}


def _plain(hint: Any) -> Any:
    """The type without its `| None`."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(a for a in get_args(hint) if a is not type(None))
    return hint
