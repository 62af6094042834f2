# ruff: noqa: INP001 - a script, run by its path
"""Make the secrets of one installation of docker-compose.yml: `make_secrets.py FOLDER`.

Run again, it makes only what is missing. The folder can be entered by its owner only; the files in it can be
read by all, because a container's user sees them with the owner and rights they have here.
"""

import sys
from pathlib import Path

from local import keys, secret_files
from local.system import SERVICES


def main(folder: Path) -> None:
    """Keys, passwords, and the addresses and server settings that contain them."""
    keys.make_keys(folder)
    broker = secret_files.secret(folder, "broker_password")
    words = {service: secret_files.secret(folder, f"database_{service}_password") for service in SERVICES}
    for name in ("postgres_password", "auditor_password"):
        secret_files.secret(folder, name)
    made = {
        "amqp_url": f"amqp://jishi:{broker}@rabbitmq:5672/jishi",
        "rabbitmq.conf": rabbitmq_conf(broker),
        "databases.sql": "\n".join(database_sql(name, word) for name, word in words.items()),
        **{f"database_url_{name}": database_url(name, word) for name, word in words.items()},
    }
    for name, content in made.items():
        secret_files.write(secret_files.path(folder, name), content)
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


def rabbitmq_conf(password: str) -> str:
    """RabbitMQ's user and virtual host, made at its first start."""
    return f"default_user = jishi\ndefault_pass = {password}\ndefault_vhost = jishi\n"


def share(folder: Path) -> None:
    """Let the files be read, and only the owner come near them."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o700)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
