"""The built apps of a folder: their files, their HTML, the addresses of their pages and the scripts of each."""

import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from gateway.web import files
from gateway.web.shell import LANGUAGES

STOREFRONT = "storefront"
DESKS = ("merchant", "operator")
SHELL, ROUTES = "index.html", "routes.json"
PARAMETER = re.compile(r":(\w+)(\([^)]*\))?")  # with what it may be, which the app checks
PLACE = re.compile(r"{[^}]*}")  # a parameter in the path of a route


@dataclass(frozen=True)
class App:
    """An app. `base` is the path before its addresses, without a slash at its end.

    `scripts` is the HTML that names the scripts of each page, by the shape of its path and the language: a browser
    that knows all of them at once does not wait for one to learn of the next.
    """

    base: str
    shell: str
    files: dict[str, files.File]
    paths: tuple[str, ...]
    scripts: dict[tuple[str, str], str]

    def scripts_of(self, path: str, language: str) -> str:
        """The HTML that names the scripts of a page; nothing for other addresses."""
        return self.scripts.get((shape(path), language), "")


def shape(path: str) -> str:
    """A path without the names of its parameters."""
    return PLACE.sub("{}", path)


def read(folder: Path, sandbox: str = "") -> list[App]:
    """The apps that were built into a folder, the storefront first; it is told of a demo's payment sandbox."""
    told = f'<meta name="payment-sandbox" content="{escape(sandbox)}">\n' if sandbox else ""
    return [_app(folder / STOREFRONT, "", told), *(_app(folder / name, f"/{name}") for name in DESKS)]


def _app(folder: Path, base: str, told: str = "") -> App:
    found = files.read(folder) if folder.is_dir() else {}
    if SHELL not in found:
        return App(base, "", {}, (), {})
    shell = found.pop(SHELL).forms[""].decode().replace("<title>", f"{told}<title>", 1)
    routes = json.loads(found.pop(ROUTES).forms[""]) if ROUTES in found else {}
    pages = {base + PARAMETER.sub(r"{\1}", path): scripts for path, scripts in routes.items()}
    scripts = {
        (shape(path), language): _naming(base, of_page[tag])
        for path, of_page in pages.items()
        for language, tag in LANGUAGES.items()
    }
    return App(base, shell, found, tuple(pages), scripts)


def _naming(base: str, names: list[str]) -> str:
    return "\n".join(f'<link rel="modulepreload" href="{escape(f"{base}/{name}")}">' for name in names)
