"""The built apps of a folder: their files, their HTML, the addresses of their pages."""

import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from gateway.web import files

STOREFRONT = "storefront"
DESKS = ("merchant", "operator")
SHELL, ROUTES = "index.html", "routes.json"
PARAMETER = re.compile(r":(\w+)(\([^)]*\))?")  # with what it may be, which the app checks


@dataclass(frozen=True)
class App:
    """An app. `base` is the path before its addresses, without a slash at its end."""

    base: str
    shell: str
    files: dict[str, files.File]
    paths: tuple[str, ...]


def read(folder: Path, sandbox: str = "") -> list[App]:
    """The apps that were built into a folder, the storefront first; it is told of a demo's payment sandbox."""
    told = f'<meta name="payment-sandbox" content="{escape(sandbox)}">\n' if sandbox else ""
    return [_app(folder / STOREFRONT, "", told), *(_app(folder / name, f"/{name}") for name in DESKS)]


def _app(folder: Path, base: str, told: str = "") -> App:
    found = files.read(folder) if folder.is_dir() else {}
    if SHELL not in found:
        return App(base, "", {}, ())
    shell = found.pop(SHELL).forms[""].decode().replace("<title>", f"{told}<title>", 1)
    paths = json.loads(found.pop(ROUTES).forms[""]) if ROUTES in found else []
    return App(base, shell, found, tuple(base + PARAMETER.sub(r"{\1}", path) for path in paths))
