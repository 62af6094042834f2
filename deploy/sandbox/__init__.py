"""A payment provider to test against: it plays WeChat Pay API v3 (native, QR) over its real wire protocol."""
