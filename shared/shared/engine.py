"""The engine of a service's database, with the time-outs that keep one frozen process from stopping others."""

from typing import Any

from sqlalchemy import Engine, create_engine

from shared import settings

# A process that freezes in a transaction must not hold its locks for longer than this.
SESSION = {
    "lock_timeout": "5s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "5s",
}
# A peer that vanished without a word is noticed within about 15 s (libpq parameters).
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def engine(service: str, url: str | None = None, **options: Any) -> Engine:
    """The engine of a service's database; it has no connection until it is asked for one."""
    session = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    size = settings.whole("DATABASE_POOL", 20)
    connect = {**PATIENCE, "application_name": f"jishi {service}", "options": session}
    pool = {"pool_size": size, "max_overflow": 0, "pool_timeout": 5, "pool_pre_ping": True}
    return create_engine(url or settings.text("DATABASE_URL"), connect_args=connect, **{**pool, **options})
