"""The report of an import: outcomes of rows and products."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.importing.model.shopify_csv import ListedSheet, Problem, ProductFile
from catalog.products.front import Product

MOST_PROBLEMS = 1000  # listed in a report; all are counted


@dataclass(frozen=True)
class Outcome:
    """The outcome of a product: `changed`, unchanged (None), or `refused` with a code of TEXTS."""

    listed: ListedSheet
    new: bool = False
    changed: Product | None = None
    refused: str | None = None


class Tally:
    """Counts the outcomes of a file's products; `progress` is an earlier tally to continue from."""

    def __init__(self, file: ProductFile, progress: Mapping[str, Any] | None = None) -> None:
        self._file, known = file, progress or _initial(file)
        self.taken: int = known["taken"]  # number of products counted, from the first of the file
        self.seconds: int = known["seconds"]  # spent on them
        self._counts = {name: Counter(counts) for name, counts in known["counts"].items()}
        self._refused: list[dict[str, Any]] = list(known["refused"])

    def plus(self, outcomes: Iterable[Outcome], seconds: int) -> "Tally":
        """The tally with the outcomes of the next products added, `seconds` after the begin."""
        extended = Tally(self._file, self.progress())
        extended.seconds = seconds
        for outcome in outcomes:
            extended._add(outcome)
        return extended

    def progress(self) -> dict[str, Any]:
        """The tally as JSON."""
        counts = {name: dict(counts) for name, counts in self._counts.items()}
        total = len(self._file.products)
        return {
            "taken": self.taken,
            "total": total,
            "seconds": self.seconds,
            "counts": counts,
            "refused": self._refused,
        }

    def report(self) -> dict[str, Any]:
        """The report as it is stored and returned."""
        problems = [*self._file.problems, *(Problem(**one) for one in self._refused)]
        problems.sort(key=lambda problem: problem.line)
        counts = {name: dict(self._counts[name]) for name in ("rows", "products", "skus", "pictures")}
        return {
            **counts,
            "errors_total": len(self._file.problems) + self._counts["errors"]["refused"],
            "errors": [_error(problem) for problem in problems[:MOST_PROBLEMS]],
        }

    def _add(self, outcome: Outcome) -> None:
        self.taken += 1
        if outcome.refused:
            self._refuse(outcome.listed, outcome.refused)
            return
        changed = outcome.changed
        self._counts["products"]["created" if outcome.new else "changed" if changed else "unchanged"] += 1
        self._counts["skus"]["created"] += len(changed.opening_stock) if changed else 0
        self._counts["skus"]["total"] += len(outcome.listed.sheet.variants)
        self._count_pictures(outcome.listed)

    def _refuse(self, listed: ListedSheet, code: str) -> None:
        self._counts["products"]["refused"] += 1
        self._counts["rows"]["left_out"] += listed.rows
        self._counts["errors"]["refused"] += 1
        if len(self._refused) < MOST_PROBLEMS:  # they are added in the order of their lines
            self._refused.append({"line": listed.line, "code": code, "handle": listed.sheet.handle})

    def _count_pictures(self, listed: ListedSheet) -> None:
        pictures = listed.sheet.facts.pictures
        self._counts["pictures"].update(str(picture.state) for picture in pictures)
        self._counts["pictures"]["repeated"] += listed.picture_rows - len(pictures)


def _initial(file: ProductFile) -> dict[str, Any]:
    counts = {
        "rows": {"read": file.rows, "left_out": file.left_out},
        "products": {"created": 0, "changed": 0, "unchanged": 0, "refused": file.refused},
        "skus": {"created": 0, "total": 0},
        "pictures": {"not_fetched": 0, "local": 0, "repeated": 0},
        "errors": {"refused": 0},
    }
    return {"taken": 0, "seconds": 0, "counts": counts, "refused": []}


def _error(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "handle": problem.handle, "code": problem.code, "text": problem.text()}
