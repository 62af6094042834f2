"""Real servers for the tests that need them: private instances under .run/test, shared by parallel sessions."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pytest
from eventlet.patcher import is_monkey_patched
from hypothesis import HealthCheck, settings

import gateway  # noqa: F401 - imported before pytest takes the folders of the same names for the packages
import shared  # noqa: F401
from local import auditing, keys
from local.running import temporary
from local.servers import ensure
from local.supervisor import cold
from shared.testing.databases import leave_servers
from shared.testing.lengths import IS_LONG
from shared.testing.warm import ColdAtFirst, leave_nurseries

# The time of an example is not reliable while other tests run in parallel.
UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("usual", **UNTIMED)
settings.register_profile("long", **UNTIMED, max_examples=5000)
# Personal columns are encrypted in tests too; processes that a test starts inherit the keys. Each test process
# creates its own, and removes them; a process forked from it does not.
MADE_BY, KEYS = os.getpid(), Path(tempfile.mkdtemp(prefix="personal_keys."))
keys.make_personal_keys(KEYS)
os.environ["PERSONAL_KEYS_DIR"] = str(KEYS)

settings.load_profile("long" if IS_LONG else "usual")


def pytest_collection_finish():
    """Refuse a test module that patches this process for eventlet: xdist's threads would wait for ever."""
    if is_monkey_patched("thread"):
        pytest.exit("a test module imports shared.run, which patches the process for eventlet: run it in its own")


def pytest_sessionfinish():
    leave_nurseries()
    leave_servers()


def pytest_unconfigure():
    """Remove the keys, when no fixture of the session needs them any more."""
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
    """The administrator's URL; tests create their own databases with it."""
    return servers.postgres_url


@pytest.fixture(scope="session")
def redis_url(servers):
    return servers.redis_url


@pytest.fixture(scope="session")
def amqp_vhost(servers):
    """URL of a vhost that only this session uses."""
    name = f"test_{secrets.token_hex(4)}"
    yield servers.create_vhost(name)
    servers.delete_vhost(name)


@pytest.fixture(scope="session")
def launch():
    """Starts processes of the system: cold at first, and forked from a template after that."""
    return ColdAtFirst(cold, own_group=True)


@pytest.fixture(scope="session")
def system(servers, launch):
    """The whole system, supervised and healthy, with databases, a vhost and ports of this session's own.

    After the last test, when all messages are processed, the auditor checks that everything adds up; findings are
    an error of the session. A test that breaks something on purpose repairs it.
    """
    with temporary(servers, launch=launch) as up:
        yield up
        auditing.check_consistent(up.site, servers)
