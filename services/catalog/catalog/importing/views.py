"""Views of imports."""

from collections.abc import Mapping
from typing import Any

from shared import shapes
from shared.contracts.catalog import views

Row = Mapping[str, Any]


def product_import(row: Row) -> views.Import:
    """An import, with its report if it is done, or its problem if it failed."""
    return views.Import(
        import_id=row["import_id"],
        shop_id=row["shop_id"],
        filename=row["filename"],
        state=views.ImportState(row["state"]),
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        report=shapes.load(views.ImportReport, row["report"]) if row["report"] else None,
        problem=shapes.load(views.ImportProblem, row["problem"]) if row["problem"] else None,
    )
