"""The engine of a service's database, with timeouts against frozen processes and without values in errors.

Errors are written to logs and dead letters, and a statement's values may be personal data or whole files. So
neither SQLAlchemy's list of parameters nor PostgreSQL's details are part of an error.
"""

import re
from typing import Any

from sqlalchemy import Engine, ExceptionContext, create_engine, event

from shared import message_encoding, round_trips, settings
from shared.db_failures import DATA_EXCEPTION, READ_ONLY

QUOTED = re.compile('".*"', re.DOTALL)

# Limits how long a frozen process can hold the locks of its transaction.
SESSION = {
    "lock_timeout": "5s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "5s",
}
# A connection whose peer has vanished is detected within about 15 s (libpq parameters).
TIMEOUT = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


def engine(service: str, url: str | None = None, **options: Any) -> Engine:
    """The engine of a service's database; it connects on first use."""
    session = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    size = settings.whole("DATABASE_POOL", 20)
    connect = {
        **TIMEOUT,
        "application_name": f"jishi {service}",
        "options": session,
        "connection_factory": round_trips.Connection,
    }
    pool = {"pool_size": size, "max_overflow": 0, "pool_timeout": 5, "use_native_hstore": False}
    quick = {"json_serializer": message_encoding.text, "json_deserializer": message_encoding.decode}
    made = create_engine(
        url or settings.text("DATABASE_URL"),
        connect_args=connect,
        hide_parameters=True,
        **{**quick, **pool, **options},
    )
    round_trips.use(made)
    event.listen(made, "handle_error", _without_values)
    event.listen(made, "handle_error", _leave_standby)
    return made


def _leave_standby(context: ExceptionContext) -> None:
    """Discard the pool's connections after a read-only error: they lead to a standby."""
    if getattr(context.original_exception, "pgcode", None) == READ_ONLY:
        context.is_disconnect = True


def _without_values(context: ExceptionContext) -> None:
    """Reduce the error to the first line of the server's message, without values quoted in it.

    The other lines repeat the statement with its values and the offending row.
    """
    original, wrapper = context.original_exception, context.sqlalchemy_exception
    state = getattr(original, "pgcode", None)
    if state is None or wrapper is None:
        return
    message = str(original).partition("\n")[0]
    if state.startswith(DATA_EXCEPTION):
        message = QUOTED.sub("…", message)
    original.args = (message,)
    wrapper.args = (f"({type(original).__module__}.{type(original).__name__}) {message}",)
