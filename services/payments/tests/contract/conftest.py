"""One sandbox and one receiver of notifications for all tests against the provider's wire protocol."""

import os
from unittest.mock import patch

import pytest

from payments.providers.wechat import WECHAT
from payments.providers.wechat.merchant import Merchant
from sandbox.testing import notification_receiver, running_sandbox


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), SANDBOX_DROP_SECONDS="0.1") as running:
        yield running


@pytest.fixture(scope="session")
def box():
    with notification_receiver() as open_box:
        yield open_box


@pytest.fixture(scope="session")
def merchant(sandbox, box):
    with patch.dict(os.environ, sandbox.merchant_settings(box.url)):
        return Merchant.from_environment()


@pytest.fixture(scope="session")
def adapter(sandbox, box):
    with patch.dict(os.environ, sandbox.merchant_settings(box.url)):
        return WECHAT.connect()
