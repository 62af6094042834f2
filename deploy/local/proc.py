"""Process trees, from /proc."""

from pathlib import Path


def with_children(pid: int) -> list[int]:
    """This process and all its descendants."""
    found = [pid]
    for parent in found:
        tasks = Path(f"/proc/{parent}/task").glob("*/children")
        found += [int(child) for children in tasks for child in _read(children).split()]
    return found


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # it has ended
        return ""
