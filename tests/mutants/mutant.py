"""A mutant: the product with one guard disabled, and the tests that must fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class NotFoundOnce(Exception):
    """The text that a mutant replaces is not in its file exactly once: the code has changed."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """`guard`, found once in `file`, is replaced by `instead`; then every test of `killed_by` must fail."""

    name: str
    file: str
    guard: str
    instead: str
    killed_by: tuple[str, ...]

    def mutated(self, root: Path) -> str:
        """The text of the file without the guard."""
        source = (root / self.file).read_text()
        found = source.count(self.guard)
        if found != 1:
            raise NotFoundOnce(f"{self.name}: found {found} times in {self.file}: {self.guard!r}")
        return source.replace(self.guard, self.instead)

    @contextmanager
    def alive(self, root: Path) -> Iterator[None]:
        """The tree below `root` without the guard, for the length of the block."""
        path = root / self.file
        sound, mutated = path.read_text(), self.mutated(root)
        path.write_text(mutated)
        try:
            yield
        finally:
            path.write_text(sound)
