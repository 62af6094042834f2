"""Categories are paths: 居家 > 床品件套 is below 居家."""

from shared.errors import Invalid

SEPARATOR = " > "
DEEPEST = 8


class CategoryTooDeep(Invalid):
    """A category path has at most 8 levels."""

    code = "category_too_deep"


def path(text: str) -> str | None:
    """The path in its stored form, with names trimmed; None for an empty one. Raises CategoryTooDeep."""
    names = [name for part in text.split(">") if (name := part.strip())]
    if len(names) > DEEPEST:
        raise CategoryTooDeep(limit=DEEPEST)
    return SEPARATOR.join(names) or None


def lineage(of: str) -> list[str]:
    """The path and all its ancestors, the top first."""
    names = of.split(SEPARATOR)
    return [SEPARATOR.join(names[:depth]) for depth in range(1, len(names) + 1)]


def parent(of: str) -> str | None:
    return of.rpartition(SEPARATOR)[0] or None


def name(of: str) -> str:
    return of.rpartition(SEPARATOR)[2]
