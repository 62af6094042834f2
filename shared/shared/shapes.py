"""Loads and validates data by dataclasses: a marshmallow schema is derived once from a dataclass's fields.

Supported types: str, int, bool, UUID, datetime, date, StrEnum, Money, nested dataclasses, lists and tuples of
these, dict[str, str], `| None`, and tagged unions: dataclasses with a field `kind: Literal["…"] = tag("…")`, whose
value selects one. A field with a default may be missing. Nothing is coerced: "yes" is no boolean and "3" no
number. Text in requests is normalised by the kind of its field (`shared.text`); text in messages and stored
documents is not changed. `shared.loading` loads what is valid; the schema describes what is not.
"""

import types
from dataclasses import field, fields
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, partial
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, overload
from uuid import UUID

import marshmallow as ma

from shared import dumping, loading
from shared import text as kinds
from shared.dumping import dataclass_of
from shared.errors import Invalid
from shared.loading import UNSTORABLE, is_required
from shared.text import SLACK, Kind, UnfitText

T = TypeVar("T")
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Misshapen(Invalid):
    """The request does not fit its schema; `errors` maps field paths to what is wrong."""

    code = "request_invalid"

    def __init__(self, errors: dict[str, Any]) -> None:
        super().__init__(errors=errors)
        self.errors = errors

    def __str__(self) -> str:
        return f"{self.code}: {self.errors}"


def text(longest: int, shortest: int = 1, kind: Kind = kinds.line, **options: Any) -> Any:
    """A dataclass field of `shortest` to `longest` characters (or items), counted after normalisation."""
    return field(metadata={"validate": ma.validate.Length(shortest, longest), "text": kind}, **options)


def secret(longest: int, shortest: int = 1, **options: Any) -> Any:
    """A text that is not normalised; only its digest is stored (`shared.idempotency.keyed_digest`)."""
    rule = ma.validate.Length(shortest, longest)
    return field(metadata={"validate": rule, "text": kinds.raw, "secret": True}, **options)


paragraphs = partial(text, kind=kinds.note)
identifier = partial(text, kind=kinds.code)
person_name = partial(text, kind=kinds.person)
provider_line = partial(text, kind=kinds.report)
raw = partial(text, kind=kinds.raw)
phone_number = partial(text, 30, kind=kinds.phone)
parcel_number = partial(text, 64, kind=kinds.tracking_number)


def whole(least: int, most: int, **options: Any) -> Any:
    """A dataclass field of a whole number between `least` and `most`."""
    return field(metadata={"validate": ma.validate.Range(least, most)}, **options)


def timestamp(**options: Any) -> Any:
    """A dataclass field of a time in this century, so that hours and days can be added to it."""
    return field(metadata={"validate": ma.validate.Range(EARLIEST, LATEST, max_inclusive=False)}, **options)


def calendar_day(**options: Any) -> Any:
    """A dataclass field of a day in this century."""
    return field(
        metadata={"validate": ma.validate.Range(EARLIEST.date(), LATEST.date(), max_inclusive=False)}, **options
    )


def tag(value: str) -> Any:
    """The field `kind` of a dataclass in a tagged union: required, with this value only."""
    return field(default=value, metadata={"tag": True})


class StrictBoolean(ma.fields.Field):
    """true or false (marshmallow's own Boolean accepts "yes")."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ma.ValidationError("Not a boolean.")
        return value


class StorableText(ma.fields.String):
    """Text that PostgreSQL and UTF-8 can represent: JSON may contain an escaped NUL or a lone surrogate."""

    def __init__(self, kind: Kind = kinds.raw, **options: Any) -> None:
        super().__init__(**options)
        self._normalised = kind
        longest = getattr(options.get("validate"), "max", None)
        self._fits_at_all = ma.validate.Length(max=longest and longest * SLACK)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, *args, **kwargs)
        self._fits_at_all(text)
        if UNSTORABLE.search(text):
            raise ma.ValidationError("Contains a character that cannot be stored.")
        try:
            return self._normalised(text)
        except UnfitText as unfit:
            raise ma.ValidationError(str(unfit)) from None


class AwareTimestamp(ma.fields.Field):
    """An ISO 8601 timestamp with an offset, as aware UTC."""

    def _serialize(self, value: datetime | None, *_: Any, **__: Any) -> str | None:
        return value.astimezone(UTC).isoformat() if value else None

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        try:
            timestamp = datetime.fromisoformat(value)
            return timestamp.astimezone(UTC) if timestamp.tzinfo else self._naive()
        except (TypeError, ValueError, OverflowError):
            raise ma.ValidationError("Not a timestamp with an offset.") from None

    def _naive(self) -> datetime:
        raise ValueError


SCALARS: dict[Any, Any] = {
    int: lambda **kw: ma.fields.Integer(strict=True, **kw),
    bool: StrictBoolean,
    UUID: ma.fields.UUID,
    datetime: AwareTimestamp,
    date: ma.fields.Date,
}


def schema(shape: Any, *, complete: bool = False) -> ma.Schema:
    """The marshmallow schema of a dataclass, `complete` as in `load`; built once."""
    return _schema(shape, complete=complete)


def dump(value: Any, shape: Any = None) -> dict[str, Any]:
    """The JSON object of a dataclass instance, by default of its own type; also of a `Page[Item]`."""
    document: dict[str, Any] = dumping.dump(value, shape)
    return document


@overload
def load(shape: type[T], data: Any, *, complete: bool = False) -> T: ...


@overload
def load(shape: Any, data: Any, *, complete: bool = False) -> Any: ...


def load(shape: Any, data: Any, *, complete: bool = False) -> Any:
    """Load an instance of `shape`, a dataclass or the type of a field. Raises Misshapen.

    Unknown fields are ignored; missing ones get their default. With `complete`, a field may be missing only if its
    default is None ("unknown"), so that no value is assumed that the sender did not set.
    """
    try:
        return loading.loader(shape, complete=complete)(data)
    except Exception:  # noqa: BLE001 - marshmallow decides, and names what is wrong
        return _checked(shape, data, complete=complete)


def _checked(shape: Any, data: Any, *, complete: bool) -> Any:
    try:
        if dataclass_of(shape):
            return schema(shape, complete=complete).load(data)
        return _bare(shape, complete=complete).deserialize(data)
    except ma.ValidationError as wrong:
        raise Misshapen(wrong.normalized_messages()) from wrong


@cache
def _schema(shape: Any, *, complete: bool) -> ma.Schema:
    made: Any = dataclass_of(shape)
    hints = dumping.hints(shape)
    members: dict[str, Any] = {
        f.name: _field(
            hints[f.name],
            complete,
            f.metadata.get("text", kinds.raw),
            required=is_required(f, complete=complete),
            validate=f.metadata.get("validate"),
        )
        for f in fields(made)
    }
    members["Meta"] = type("Meta", (), {"unknown": ma.EXCLUDE})
    members["build"] = ma.post_load(lambda _self, data, **_: made(**data))
    return type(made.__name__, (ma.Schema,), members)()


@cache
def _bare(hint: Any, *, complete: bool) -> ma.fields.Field:
    return _field(hint, complete, kinds.raw)


def _field(hint: Any, complete: bool, kind: Kind, **options: Any) -> ma.fields.Field:  # noqa: FBT001 - passed on
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _alternative(args, complete, kind, **options)
    if origin in (list, tuple):
        array = _Tuple if origin is tuple else ma.fields.List
        return array(_field(args[0], complete, kind), **options)
    if origin is dict:
        return ma.fields.Dict(*(_field(each, complete, kind) for each in args), **options)
    if origin is Literal or (isinstance(hint, type) and issubclass(hint, Enum)):
        return _choice(hint, options)
    if dataclass_of(hint):
        return ma.fields.Nested(schema(hint, complete=complete), **options)
    return StorableText(kind, **options) if hint is str else SCALARS[hint](**options)


def _choice(hint: Any, options: dict[str, Any]) -> ma.fields.Field:
    if get_origin(hint) is Literal:
        return ma.fields.String(**{**options, "validate": ma.validate.OneOf(get_args(hint))})
    return ma.fields.Enum(hint, by_value=True, **options)


def _alternative(args: tuple[Any, ...], complete: bool, kind: Kind, **options: Any) -> ma.fields.Field:  # noqa: FBT001
    nothing = {"allow_none": True} if type(None) in args else {}
    shapes = [each for each in args if each is not type(None)]
    if len(shapes) == 1:
        return _field(shapes[0], complete, kind, **nothing, **options)
    by_tag = {tag: schema(shape, complete=complete) for tag, shape in dumping.alternatives(args).items()}
    return _Tagged(by_tag, **nothing, **options)


class _Tagged(ma.fields.Field):
    """One of several dataclasses, selected by the value of `kind`."""

    def __init__(self, by_tag: dict[str, ma.Schema], **options: Any) -> None:
        super().__init__(**options)
        self._by_tag = by_tag

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        kind = value.get("kind") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in self._by_tag:
            raise ma.ValidationError({"kind": [f"Must be one of: {', '.join(self._by_tag)}."]})
        return self._by_tag[kind].load(value)


class _Tuple(ma.fields.List):
    """A JSON array as a tuple, so that frozen messages are hashable and immutable."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, *args, **kwargs))
