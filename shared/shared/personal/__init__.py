"""Columns with personal data: encrypted, found by blind index, erased (docs/privacy.md).

sa.Column("phone", Personal(Kind.PHONE, Until.ERASED), nullable=False)
sa.Column("email_index", BlindIndex(), unique=True)
"""

from shared.personal.columns import (
    ERASED,
    BlindIndex,
    Kind,
    Personal,
    PersonalJson,
    Until,
    blind_indexes_of,
    fold,
    personal_columns,
    personal_of,
)

__all__ = [
    "ERASED",
    "BlindIndex",
    "Kind",
    "Personal",
    "PersonalJson",
    "Until",
    "blind_indexes_of",
    "fold",
    "personal_columns",
    "personal_of",
]
