"""The metadata that the tables of all modules share, and column helpers. Columns are NOT NULL by default."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

metadata = sa.MetaData()


def column(name: str, kind: Any, **options: Any) -> sa.Column:
    return sa.Column(name, kind, **{"nullable": False, **options})


def identity(name: str, **options: Any) -> sa.Column:
    return column(name, sa.Uuid, **options)


def text(name: str, **options: Any) -> sa.Column:
    return column(name, sa.Text, **options)


def number(name: str, **options: Any) -> sa.Column:
    return column(name, sa.Integer, **options)


def texts(name: str) -> sa.Column:
    return column(name, ARRAY(sa.Text))


def timestamp(name: str, **options: Any) -> sa.Column:
    return column(name, sa.DateTime(timezone=True), **options)
