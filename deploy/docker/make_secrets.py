# ruff: noqa: INP001 - a script, run by its path
"""Make the secrets of one installation of docker-compose.yml: `make_secrets.py FOLDER`.

Run again, it makes only what is missing. The folder can be entered by its owner only; the files in it can be
read by all, because a container's user sees them with the owner and rights they have here.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from local import broker_users, keys, secret_files
from local.system import SERVICES


def main(folder: Path) -> None:
    """Keys, passwords, and the addresses and server settings that contain them."""
    keys.make_keys(folder)
    broker = {user: secret_files.secret(folder, f"broker_{user}_password") for user in broker_users.USERS}
    words = {service: secret_files.secret(folder, f"database_{service}_password") for service in SERVICES}
    for name in ("postgres_password", "auditor_password"):
        secret_files.secret(folder, name)
    made = {
        "amqp_url": amqp_url("jishi", broker),
        **{f"amqp_url_{user}": amqp_url(user, broker) for user in broker_users.CALLERS},
        "rabbitmq.conf": "load_definitions = /etc/rabbitmq/jishi.json\n",
        "databases.sql": "\n".join(database_sql(name, word) for name, word in words.items()),
        **{f"database_url_{name}": database_url(name, word) for name, word in words.items()},
    }
    for name, content in made.items():
        secret_files.write(secret_files.path(folder, name), content)
    definitions = secret_files.path(folder, "rabbitmq_users.json")
    if not definitions.exists():  # its hashes have a salt: made anew, they would differ
        secret_files.write(definitions, broker_users.definitions(broker, "jishi"))
    share(folder / "secrets")


def database_url(service: str, password: str) -> str:
    """The address of a service's database, as SQLAlchemy writes it."""
    return f"postgresql+psycopg2://{service}:{password}@postgres:5432/{service}"


def database_sql(service: str, password: str) -> str:
    """What makes a service's role and database; run by PostgreSQL's image at its first start."""
    return (
        f"CREATE ROLE {service} LOGIN PASSWORD '{password}';\n"
        f"CREATE DATABASE {service} OWNER {service};\n"
        f"REVOKE CONNECT ON DATABASE {service} FROM PUBLIC;\n"
    )


def amqp_url(user: str, passwords: Mapping[str, str]) -> str:
    """The broker's address for a user."""
    return f"amqp://{user}:{passwords[user]}@rabbitmq:5672/jishi"


def share(folder: Path) -> None:
    """Let the files be read, and only the owner come near them."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o700)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
