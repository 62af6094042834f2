"""Unit tests use no database; the others share a real one, which is emptied before each test.

The provider is FakeWeChatPay, which the contract tests compare with the real adapter, and in
`test_with_the_sandbox.py` a process that implements the provider's protocol.
"""

import pytest

from payments.service import PaymentsService
from payments.work import Work
from services.payments.tests.fake_wechat import FakeWeChatPay
from services.payments.tests.till import Till, empty
from shared.db import Database
from shared.testing import fresh_database
from shared.testing.databases import drop_database


@pytest.fixture(scope="session")
def database_url():
    url = fresh_database("payments")
    yield url
    drop_database(url)


@pytest.fixture
def open_work(database_url):
    factory = Database.standalone("payments", Work, database_url)
    empty(factory)
    yield factory
    factory.engine.dispose()


@pytest.fixture
def wechat(monkeypatch):
    """The provider in memory."""
    fake = FakeWeChatPay()
    monkeypatch.setitem(PaymentsService.providers.registry.adapters, "wechat", fake)
    return fake


@pytest.fixture
def till(open_work, wechat):
    return Till(open_work, wechat)
