"""Domain tests touch nothing; the others have a real database each. Only the provider is played: by FakeWeChatPay,
which a contract test holds to the real adapter, and in `test_with_the_sandbox.py` by a process that speaks its protocol.
"""

import pytest

from payments.service import PaymentsService
from payments.work import Work
from services.payments.tests.fake_wechat import FakeWeChatPay
from services.payments.tests.till import Till
from shared.testing import service_fixtures

database_url, open_work = service_fixtures("payments", Work)


@pytest.fixture
def wechat(monkeypatch):
    """The provider, played in memory."""
    fake = FakeWeChatPay()
    monkeypatch.setitem(vars(PaymentsService.wechat), "adapter", fake)
    return fake


@pytest.fixture
def till(open_work, wechat):
    return Till(open_work, wechat)
