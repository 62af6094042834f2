"""What came of the rows and products of a file."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from catalog.domain.product import Product
from catalog.domain.shopify_csv import ListedSheet, Problem, ProductFile

MOST_PROBLEMS = 1000  # in a report; all are counted


@dataclass(frozen=True)
class Outcome:
    """What came of a product: `changed`, or as it was already, or `refused` for a reason of TEXTS."""

    listed: ListedSheet
    new: bool = False
    changed: Product | None = None
    refused: str | None = None


class Tally:
    """Counts while the products go in."""

    def __init__(self, file: ProductFile) -> None:
        self._problems = list(file.problems)
        self._rows = Counter(read=file.rows, left_out=file.left_out)
        self._products = Counter(created=0, changed=0, unchanged=0, refused=file.refused)
        self._skus = Counter(created=0, total=0)
        self._pictures = Counter(not_fetched=0, local=0, repeated=0)

    def add(self, outcome: Outcome) -> None:
        """Count what came of a product."""
        if outcome.refused:
            self._refuse(outcome.listed, outcome.refused)
            return
        changed = outcome.changed
        self._products["created" if outcome.new else "changed" if changed else "unchanged"] += 1
        self._skus["created"] += len(changed.opening_stock) if changed else 0
        self._skus["total"] += len(outcome.listed.sheet.variants)
        self._count_pictures(outcome.listed)

    def report(self) -> dict[str, Any]:
        """The report as it is stored and answered."""
        problems = sorted(self._problems, key=lambda problem: problem.line)
        return {
            "rows": dict(self._rows),
            "products": dict(self._products),
            "skus": dict(self._skus),
            "pictures": dict(self._pictures),
            "errors_total": len(problems),
            "errors": [_error(problem) for problem in problems[:MOST_PROBLEMS]],
        }

    def _refuse(self, listed: ListedSheet, code: str) -> None:
        self._products["refused"] += 1
        self._rows["left_out"] += listed.rows
        self._problems.append(Problem(line=listed.line, code=code, handle=listed.sheet.handle))

    def _count_pictures(self, listed: ListedSheet) -> None:
        pictures = listed.sheet.facts.pictures
        self._pictures.update(str(picture.state) for picture in pictures)
        self._pictures["repeated"] += listed.picture_rows - len(pictures)


def _error(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "handle": problem.handle, "code": problem.code, "text": problem.text()}
