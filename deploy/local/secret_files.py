"""Secrets of one installation: created once, each a file that only its owner can read."""

import os
import secrets
from pathlib import Path


def secret(run_dir: Path, name: str) -> str:
    """The random text in secrets/<name>, created the first time."""
    file = path(run_dir, name)
    if not file.exists():
        write(file, secrets.token_urlsafe(24))
    return file.read_text()


def path(run_dir: Path, name: str) -> Path:
    """The path of the secret with this name."""
    return run_dir / "secrets" / name


def write(file: Path, content: str | bytes) -> None:
    """Store a secret atomically, and never readable for others."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_suffix(".new")
    data = content.encode() if isinstance(content, str) else content
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
    unfinished.replace(file)
