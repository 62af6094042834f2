# ruff: noqa: INP001 - a script, run by its path
"""Make the secrets of one installation of docker-compose.yml: `make_secrets.py FOLDER`.

Run again, it makes only what is missing. Only the owner can enter the folder; the files in it are readable by
all, because a container's user sees them with the same owner and permissions.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from local import broker_users, keys, secret_files
from local.system import SERVICES


def main(folder: Path) -> None:
    """Make keys, passwords, and the URLs and server settings that contain them."""
    keys.make_keys(folder)
    broker = {user: secret_files.secret(folder, f"broker_{user}_password") for user in broker_users.USERS}
    passwords = {service: secret_files.secret(folder, f"database_{service}_password") for service in SERVICES}
    for name in ("postgres_password", "auditor_password"):
        secret_files.secret(folder, name)
    made = {
        "amqp_url": amqp_url("jishi", broker),
        **{f"amqp_url_{user}": amqp_url(user, broker) for user in broker_users.CALLERS},
        "rabbitmq.conf": "load_definitions = /etc/rabbitmq/jishi.json\n",
        "databases.sql": "\n".join(database_sql(name, password) for name, password in passwords.items()),
        **{f"database_url_{name}": database_url(name, password) for name, password in passwords.items()},
    }
    for name, content in made.items():
        secret_files.write(secret_files.path(folder, name), content)
    definitions = secret_files.path(folder, "rabbitmq_users.json")
    if not definitions.exists():  # its hashes are salted: made again, they would differ
        secret_files.write(definitions, broker_users.definitions(broker, "jishi"))
    share(folder / "secrets")


def database_url(service: str, password: str) -> str:
    """The URL of a service's database for SQLAlchemy."""
    return f"postgresql+psycopg2://{service}:{password}@postgres:5432/{service}"


def database_sql(service: str, password: str) -> str:
    """The SQL that creates a service's role and database; PostgreSQL's image runs it at its first start."""
    return (
        f"CREATE ROLE {service} LOGIN PASSWORD '{password}';\n"
        f"CREATE DATABASE {service} OWNER {service};\n"
        f"REVOKE CONNECT ON DATABASE {service} FROM PUBLIC;\n"
    )


def amqp_url(user: str, passwords: Mapping[str, str]) -> str:
    """The broker's URL for a user."""
    return f"amqp://{user}:{passwords[user]}@rabbitmq:5672/jishi"


def share(folder: Path) -> None:
    """Make the files readable for all, and the folder accessible for its owner only."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o700)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
