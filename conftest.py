"""Real servers for the tests that touch them: private instances under .run/test, shared by parallel sessions."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pytest
from eventlet.patcher import is_monkey_patched
from hypothesis import HealthCheck, settings

import gateway  # noqa: F401 - the packages, before pytest takes the folders of the same names for them
import shared  # noqa: F401
from local import auditing, keys
from local.running import temporary
from local.servers import ensure
from local.supervisor import cold
from shared.testing.databases import leave_servers
from shared.testing.lengths import IS_LONG
from shared.testing.warm import ColdAtFirst, leave_nurseries

# How long an example takes, or takes to be made, says nothing beside other tests.
UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("usual", **UNTIMED)
settings.register_profile("long", **UNTIMED, max_examples=5000)
# Personal columns are encrypted in tests too; processes that a test starts inherit the keys. Each test process has
# its own, and removes them; one that is forked from it does not.
MADE_BY, KEYS = os.getpid(), Path(tempfile.mkdtemp(prefix="personal_keys."))
keys.make_personal_keys(KEYS)
os.environ["PERSONAL_KEYS_DIR"] = str(KEYS)

settings.load_profile("long" if IS_LONG else "usual")


def pytest_collection_finish():
    """Refuse a test module that patches this process for eventlet: xdist's own threads would wait for ever."""
    if is_monkey_patched("thread"):
        pytest.exit("a test module imports what patches the process for eventlet (shared.run): run it in its own")


def pytest_sessionfinish():
    leave_nurseries()
    leave_servers()


def pytest_unconfigure():
    """Remove the keys, when no fixture of the session is left that needs them."""
    if os.getpid() == MADE_BY:
        shutil.rmtree(KEYS, ignore_errors=True)


@pytest.fixture(scope="session")
def servers():
    """PostgreSQL, Redis and RabbitMQ of the tests; stopped at the end unless `make servers` keeps them."""
    running = ensure(Path(__file__).parent / ".run" / "test", durable=False)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def postgres_url(servers):
    """Administrator's address; tests make databases of their own from it."""
    return servers.postgres_url


@pytest.fixture(scope="session")
def redis_url(servers):
    return servers.redis_url


@pytest.fixture(scope="session")
def amqp_vhost(servers):
    """Address of a vhost that only this session uses."""
    name = f"test_{secrets.token_hex(4)}"
    yield servers.create_vhost(name)
    servers.delete_vhost(name)


@pytest.fixture(scope="session")
def launch():
    """How the processes of the system are started: from nothing at first, and forked when they come again."""
    return ColdAtFirst(cold, own_group=True)


@pytest.fixture(scope="session")
def system(servers, launch):
    """The whole system, supervised and healthy, on databases, a vhost and ports of this session's own.

    When the last test is over and all has drained, the auditor looks whether everything adds up; what does not is
    an error of the session. A test that breaks something on purpose mends it.
    """
    with temporary(servers, launch=launch) as up:
        yield up
        auditing.check_sound(up.site, servers)
