"""`make docs` writes the documents that are generated from the code; `make lint` fails if one is not up to date.

python -m local.generated [--check]
"""

import importlib
import sys
from pathlib import Path

from local import deployment_files, documents, package_lists, privacy_table, retention_table, service_tables
from local.system import SERVICES
from shared import compatibility, manifest

ROOT = Path(__file__).resolve().parents[2]
OPENAPI = documents.FOLDER / "openapi.json"
PYPROJECT = ROOT / "pyproject.toml"


def files() -> dict[Path, str]:
    """The content of each generated file: contracts, the API document, tables, and files from the manifest."""
    contracts = {documents.FOLDER / path: documents.text(data) for path, data in documents.generated().items()}
    readmes = {service_tables.readme(service): service_tables.page(service) for service in SERVICES}
    tables = {table.PAGE: table.page() for table in (retention_table, privacy_table)}
    return {**contracts, **readmes, OPENAPI: _openapi(), **tables, **_of_manifest()}


def stale(wanted: dict[Path, str]) -> list[str]:
    """The files with other content than this, by their path in the project."""
    held = {path: path.read_text() if path.exists() else None for path in wanted}
    return sorted(str(path.relative_to(ROOT)) for path, text in wanted.items() if held[path] != text)


def main() -> None:
    """Write the files, or with --check only name those that are not up to date."""
    wanted = files()
    if "--check" in sys.argv[1:]:
        if old := stale(wanted):
            sys.exit(f"not up to date, run `make docs`: {', '.join(old)}")
        return
    try:
        documents.write(documents.generated())
    except compatibility.Broken as broken:
        sys.exit(str(broken))
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _of_manifest() -> dict[Path, str]:
    """The files generated from the manifest."""
    listed = manifest.get()
    deployed = {ROOT / path: text for path, text in deployment_files.rendered(listed).items()}
    return {**deployed, PYPROJECT: package_lists.filled(PYPROJECT.read_text(), listed.service_names)}


def _openapi() -> str:
    openapi, routes = importlib.import_module("gateway.openapi"), importlib.import_module("gateway.routes")
    return documents.text(openapi.document(routes.ROUTES))


if __name__ == "__main__":
    main()
