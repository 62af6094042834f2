"""What came of the rows and products of a file."""

from collections import Counter
from typing import Any

from catalog.domain.product import Product
from catalog.domain.shopify_csv import ListedSheet, Problem, ProductFile

MOST_PROBLEMS = 1000  # in a report; all are counted


class Tally:
    """Counts while the products go in."""

    def __init__(self, file: ProductFile) -> None:
        self._file = file
        self._problems = list(file.problems)
        self._products = Counter(created=0, changed=0, unchanged=0, refused=file.refused)
        self._skus = Counter(created=0, total=0)
        self._pictures = Counter(not_fetched=0, local=0, repeated=0)

    def count(self, listed: ListedSheet, *, new: bool, changed: Product | None) -> None:
        """A product went in; `changed` is what became of it, None if it was as the file says already."""
        outcome = "created" if new else "changed" if changed else "unchanged"
        self._products[outcome] += 1
        self._skus["created"] += len(changed.opening_stock) if changed else 0
        self._skus["total"] += len(listed.sheet.variants)
        self._count_pictures(listed)

    def refuse(self, listed: ListedSheet, code: str) -> None:
        """A product does not fit what is there under its handle."""
        self._products["refused"] += 1
        self._problems.append(Problem(line=listed.line, code=code, handle=listed.sheet.handle))

    def report(self) -> dict[str, Any]:
        """The report as it is stored and answered."""
        problems = sorted(self._problems, key=lambda problem: problem.line)
        return {
            "rows": {"read": self._file.rows, "left_out": self._file.left_out},
            "products": dict(self._products),
            "skus": dict(self._skus),
            "pictures": dict(self._pictures),
            "errors_total": len(problems),
            "errors": [_error(problem) for problem in problems[:MOST_PROBLEMS]],
        }

    def _count_pictures(self, listed: ListedSheet) -> None:
        pictures = listed.sheet.facts.pictures
        self._pictures.update(str(picture.state) for picture in pictures)
        self._pictures["repeated"] += listed.picture_rows - len(pictures)


def _error(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "handle": problem.handle, "code": problem.code, "text": problem.text()}
