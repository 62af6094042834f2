"""The provider of the tests passes the contract tests of every provider."""

import pytest

from services.payments.tests.contract.provider_contract import (
    PartialRefundContract,
    ProviderContract,
    RefundContract,
)
from services.payments.tests.imaginary import declared
from services.payments.tests.imaginary.server import ImaginaryServer

SERVER = ImaginaryServer()


class TestImaginaryPay(PartialRefundContract, RefundContract, ProviderContract):
    declared = declared(SERVER)

    @pytest.fixture
    def driver(self):
        return SERVER

    @pytest.fixture
    def provider(self):
        return self.declared.connect()
