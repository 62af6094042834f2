"""Views of imports."""

from collections.abc import Mapping
from typing import Any

from shared import shapes
from shared.contracts.catalog import views

Row = Mapping[str, Any]


def product_import(row: Row) -> views.Import:
    """An import, with its progress while it is not finished, its report or its problem after that."""
    report = shapes.load(views.ImportReport, row["report"]) if row["report"] else None
    is_under_way = row["progress"] and not row["finished_at"]
    return views.Import(
        **_facts(row), progress=_progress(row["progress"]) if is_under_way else None, report=report
    )


def import_summary(row: Row) -> views.ImportSummary:
    """An import in a list, with the numbers of its report if it is done."""
    report = row["report"] or {}
    return views.ImportSummary(
        **_facts(row),
        rows=shapes.load(views.ImportedRows, report["rows"]) if report else None,
        products=shapes.load(views.ImportedProducts, report["products"]) if report else None,
        errors_total=report.get("errors_total"),
    )


def _facts(row: Row) -> dict[str, Any]:
    return {
        "import_id": row["import_id"],
        "shop_id": row["shop_id"],
        "filename": row["filename"],
        "state": views.ImportState(row["state"]),
        "started_at": row["started_at"],
        "finished_at": row["finished_at"],
        "problem": shapes.load(views.ImportProblem, row["problem"]) if row["problem"] else None,
    }


def _progress(progress: Row) -> views.ImportProgress:
    return views.ImportProgress(
        done=progress["taken"],
        total=progress["total"],
        products=shapes.load(views.ImportedProducts, progress["counts"]["products"]),
        seconds=progress["seconds"],
    )
