"""SG-14: a saga's step does no network I/O: neither it nor the code it calls imports a module for that."""

import ast
from pathlib import Path

import pytest

from shared import contracts

ROOT = Path(__file__).parents[2]
NETWORK = {
    "socket", "ssl", "http.client", "urllib.request", "urllib3", "httpx", "requests", "aiohttp", "websockets",
    "smtplib", "ftplib", "asyncio", "subprocess", "pika", "amqp", "aio_pika", "kombu", "nameko", "eventlet",
    "redis", "psycopg2", "shared.rpc_client", "shared.rpc", "shared.link", "shared.broker", "shared.relay",
    "shared.engine",
}  # fmt: skip
OURS = (
    "sagas",
    "use_cases",
    "domain",
    "repository",
    "model",
    "store",
    "tables",
    "work",
)  # also as names of modules


def imported(path: Path) -> set[str]:
    """Full names of the imports of a file, at any level."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def file_of(service: str, module: str) -> Path | None:
    path = ROOT / "services" / service / Path(*module.split("."))
    return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)


def reached(service: str) -> dict[Path, set[str]]:
    """The files of a service that its sagas and use cases import, directly or not, with the imports of each."""
    home = ROOT / "services" / service / service
    waiting = [path for part in OURS for path in (*home.glob(f"**/{part}.py"), *home.glob(f"**/{part}/**/*.py"))]
    seen: dict[Path, set[str]] = {}
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen[path] = imported(path)
            waiting += [
                p for name in seen[path] if name.startswith(f"{service}.") and (p := file_of(service, name))
            ]
    return seen


def uses_network(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in NETWORK)


@pytest.mark.parametrize("service", contracts.__all__)
def test_sg_14_neither_sagas_nor_use_cases_use_the_network(service):
    files = reached(service)
    assert files
    others = set(contracts.__all__) - {service}
    for path, names in files.items():
        assert {name for name in names if uses_network(name)} == set(), path
        assert {name for name in names if name.split(".")[0] in others} == set(), path


def test_an_import_of_a_network_module_is_detected(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("def step(work, s):\n    import httpx\n    from urllib import request\n")
    assert {name for name in imported(bad) if uses_network(name)} == {"httpx", "urllib.request"}
