"""WeChat Pay, API v3, native: the payer scans a QR code."""

from payments.providers.wechat.declaration import WECHAT

__all__ = ["WECHAT"]
