"""The metadata of all tables of orders, which refer to each other, and the columns they share."""

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()
NOW = sa.text("now()")


def identity(name: str, *rest: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid, *rest, nullable=False, **options)


def timestamp(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), **{"nullable": False, "server_default": NOW, **options})
