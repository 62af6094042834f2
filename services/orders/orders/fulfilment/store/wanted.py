"""Which orders a list shows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from orders.fulfilment.model.numbers import ANY_TIME, Span
from orders.fulfilment.tables import order
from shared.ids import first_since

SKEW = timedelta(hours=1)  # an id is made when the order is placed: within an hour, with clocks that differ


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """In these states or all, placed in this time, with a number that begins with these digits."""

    states: Collection[str] = ()
    placed: Span = ANY_TIME
    number: str = ""


def conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """The conditions of a query. A time is also one of the ids, by which the orders of a shop are indexed."""
    return [*_stated(wanted), *_placed(wanted.placed)]


def _stated(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.states:
        yield order.c.state.in_(wanted.states)
    if wanted.number:
        yield order.c.number.startswith(wanted.number, autoescape=True)


def _placed(span: Span) -> Iterator[sa.ColumnElement[bool]]:
    if span.start:
        yield order.c.placed_at >= span.start
        yield order.c.order_id >= first_since(span.start - SKEW)
    if span.end:
        yield order.c.placed_at < span.end
        yield order.c.order_id < first_since(span.end + SKEW)
