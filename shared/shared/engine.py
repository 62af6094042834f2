"""The engine of a service's database: a frozen process does not stop the others, and errors hold no values.

What a statement carried may be anybody's address or a whole file, and an error ends in logs and dead letters. So
neither SQLAlchemy's list of parameters nor PostgreSQL's details are in it.
"""

import re
from typing import Any

from sqlalchemy import Engine, ExceptionContext, create_engine, event

from shared import settings
from shared.db_failures import DATA_EXCEPTION, READ_ONLY

QUOTED = re.compile('".*"', re.DOTALL)

# A process that freezes in a transaction must not hold its locks for longer than this.
SESSION = {
    "lock_timeout": "5s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "5s",
}
# A peer that vanished without a word is noticed within about 15 s (libpq parameters).
TIMEOUT = {
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
    connect = {**TIMEOUT, "application_name": f"jishi {service}", "options": session}
    pool = {"pool_size": size, "max_overflow": 0, "pool_timeout": 5, "pool_pre_ping": True}
    made = create_engine(
        url or settings.text("DATABASE_URL"), connect_args=connect, hide_parameters=True, **{**pool, **options}
    )
    event.listen(made, "handle_error", _without_values)
    event.listen(made, "handle_error", _leave_standby)
    return made


def _leave_standby(context: ExceptionContext) -> None:
    """Who cannot write here is connected to a standby: the pool's connections are given up for new ones."""
    if getattr(context.original_exception, "pgcode", None) == READ_ONLY:
        context.is_disconnect = True


def _without_values(context: ExceptionContext) -> None:
    """Leave of the server's message what it says of itself: its first line, without what it quotes from the data.

    The lines below repeat the statement with its values, and the row that was refused.
    """
    refused, told = context.original_exception, context.sqlalchemy_exception
    state = getattr(refused, "pgcode", None)
    if state is None or told is None:
        return
    message = str(refused).partition("\n")[0]
    if state.startswith(DATA_EXCEPTION):
        message = QUOTED.sub("…", message)
    refused.args = (message,)
    told.args = (f"({type(refused).__module__}.{type(refused).__name__}) {message}",)
