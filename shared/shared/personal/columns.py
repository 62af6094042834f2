"""The types of personal columns. A column's place, `table.column`, is set when it is attached to its table."""

import unicodedata
from collections.abc import Callable, Iterator
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from shared import message_encoding
from shared.personal import keys, sealing

T = TypeVar("T")
_attached: list[sa.Column[Any]] = []


class Kind(StrEnum):
    """The kind of personal data in a column."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    CONTACT = "name and phone"
    ADDRESS = "address"
    TEXT = "free text by a person"
    ANSWER = "answer to a request"
    DEVICE = "browser and system"


class Until(StrEnum):
    """When a value is removed."""

    ERASED = "until the person is erased"
    REMOVED = "until its row is removed"  # see docs/retention.md


class _Erased(Enum):
    ERASED = sealing.ERASED


ERASED = _Erased.ERASED  # store it in a personal column or a blind index to erase the value


class PlaceUnknown(TypeError):
    """A personal type is not attached to a table's column, or is used for two columns."""


class NotComparable(TypeError):
    """Encrypted values cannot be compared; search a blind index instead."""


class _Placed(TypeDecorator[Any]):
    """A type for a single column, whose place is bound into the stored value."""

    impl = sa.LargeBinary
    cache_ok = True
    place: str

    @property
    def its_place(self) -> str:
        """`table.column`. Raises PlaceUnknown."""
        if not self.place:
            raise PlaceUnknown(f"{type(self).__name__} is not attached to a table's column")
        return self.place


class _Sealed(_Placed, Generic[T]):
    kind: Kind
    retention: Until

    class comparator_factory(TypeDecorator.Comparator[Any]):  # noqa: N801 - SQLAlchemy's name
        def operate(self, op: Any, *other: Any, **options: Any) -> Any:
            if op not in (operators.is_, operators.is_not):
                raise NotComparable(str(self.expr))
            return super().operate(op, *other, **options)

    # `place` is set by the listener below; as a parameter it is part of SQLAlchemy's cache key
    def __init__(self, kind: Kind, retention: Until, place: str = "") -> None:
        super().__init__()
        self.kind, self.retention, self.place = kind, retention, place

    def process_bind_param(self, value: T | _Erased | None, dialect: Any) -> bytes | None:  # noqa: ARG002
        if value is None:
            return None
        if value is ERASED or value == "":  # an empty text is no personal data
            return sealing.ERASED
        return sealing.seal(keys.ring(), self.encode(value), self.its_place)

    def process_result_value(self, value: bytes | None, dialect: Any) -> T | None:  # noqa: ARG002
        if value is None:
            return None
        if value == sealing.ERASED:
            return self.erased()
        return self.decode(sealing.unseal(keys.ring(), value, self.its_place))

    def encode(self, value: T) -> bytes:
        raise NotImplementedError

    def decode(self, plain: bytes) -> T:
        raise NotImplementedError

    def erased(self) -> T | None:
        """The value that an erased one reads as."""
        raise NotImplementedError


class Personal(_Sealed[str]):
    """A text, encrypted with the current key and bound to its column. An erased text reads as empty."""

    cache_ok = True

    def encode(self, value: str) -> bytes:
        return value.encode()

    def decode(self, plain: bytes) -> str:
        return plain.decode()

    def erased(self) -> str:
        return ""


class PersonalJson(_Sealed[Any]):
    """A JSON document, encrypted as a whole. An erased one reads as None."""

    cache_ok = True

    def encode(self, value: Any) -> bytes:
        return message_encoding.encode(value)

    def decode(self, plain: bytes) -> Any:
        return message_encoding.decode(plain)

    def erased(self) -> None:
        return None


def fold(value: str) -> str:
    """A text normalised for comparison: NFKC, case folded, trimmed."""
    return unicodedata.normalize("NFKC", value).strip().casefold()


class BlindIndex(_Placed):
    """A keyed digest of a text for lookups: `account.c.email_index == "mei@example.com"`.

    Texts that are equal after `normalise` have equal digests. Without the key, digests reveal only which rows of a
    column are equal; columns of the same `domain` can be compared with each other. An erased one is NULL.
    """

    cache_ok = True

    def __init__(self, domain: str = "", normalise: Callable[[str], str] = fold, place: str = "") -> None:
        super().__init__()
        self.domain, self.normalise, self.place = domain, normalise, place

    def process_bind_param(self, value: str | _Erased | None, dialect: Any) -> bytes | None:  # noqa: ARG002
        if value is None or value is ERASED:
            return None
        return sealing.digest(keys.ring(), self.normalise(str(value)), self.domain or self.its_place)


@sa.event.listens_for(sa.Column, "after_parent_attach")
def _place(column: sa.Column[Any], parent: Any) -> None:
    kind = column.type
    if not isinstance(kind, _Placed) or not isinstance(parent, sa.Table):
        return
    place = f"{parent.name}.{column.name}"
    if kind.place not in ("", place):
        raise PlaceUnknown(f"{kind.place} and {place} share a type: each column needs its own")
    kind.place = place
    _attached.append(column)


def personal_columns() -> Iterator[sa.Column[Any]]:
    """All encrypted columns of the tables that this process has imported."""
    return (column for column in _attached if isinstance(column.type, _Sealed))


def personal_of(table: sa.Table) -> list[sa.Column[Any]]:
    """The encrypted columns of a table."""
    return [column for column in table.columns if isinstance(column.type, _Sealed)]


def blind_indexes_of(table: sa.Table) -> list[sa.Column[Any]]:
    """The blind indexes of a table."""
    return [column for column in table.columns if isinstance(column.type, BlindIndex)]
