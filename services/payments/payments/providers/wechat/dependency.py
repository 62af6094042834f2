"""The adapter to WeChat Pay as a dependency of the service."""

from functools import cached_property
from typing import Any

from nameko.extensions import DependencyProvider

from payments.providers.interface import Provider
from payments.providers.wechat.adapter import WeChatPay
from payments.providers.wechat.merchant import Merchant


class WeChat(DependencyProvider):
    """The adapter to WeChat Pay; without its settings the process does not start."""

    @cached_property
    def adapter(self) -> Provider:
        return WeChatPay(Merchant.from_environment())

    def setup(self) -> None:
        assert self.adapter

    def get_dependency(self, worker_ctx: Any) -> Provider:  # noqa: ARG002 - nameko's signature
        return self.adapter
