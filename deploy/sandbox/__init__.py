"""A payment provider for tests: it simulates WeChat Pay API v3 (native, QR) with its real wire protocol."""
