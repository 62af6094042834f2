"""For tests: a sandbox in a separate process, its controls, and a receiver for a merchant's notifications."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from local.keys import make_keys
from local.ports import Ports
from shared.testing import eventually
from shared.testing.processes import launch
from shared.testing.warm import Program

QUICK = {
    "SANDBOX_REFUND_SECONDS": "0.05",
    "SANDBOX_NOTIFY_BACKOFF": "0.05,0.05,0.05,0.05",
    "SANDBOX_NOTIFY_TIMEOUT": "2",
}


class RunningSandbox:
    """A sandbox on its own port. `folder` has its keys and its state, also over a restart."""

    def __init__(self, folder: Path, **environment: str) -> None:
        make_keys(folder)
        self._folder = folder
        self._secrets = folder / "secrets"
        self.port, self.mail_port = Ports(folder).free("sandbox"), Ports(folder).free("sandbox-mail")
        self.url = f"http://127.0.0.1:{self.port}"
        self._http = httpx.Client(base_url=self.url, timeout=20)
        self._environment = os.environ | QUICK | self._own_settings() | environment
        self.process = self.start()

    def start(self) -> Program:
        """Start the process and return when it is ready."""
        command = (sys.executable, "-m", "sandbox")
        self.process = launch(command, self._environment, self._folder / "sandbox.log")
        eventually(self._ready, within=20)
        return self.process

    def stop(self) -> int:
        """Stop the process and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=15)

    def close(self) -> None:
        """Stop the process if it still runs, and close the client."""
        self._http.close()
        if self.process.poll() is None:
            self.stop()

    def control(self, path: str, **requested: Any) -> Any:
        """Post to a control, such as "transactions/T123456/pay"; a refusal raises httpx.HTTPStatusError."""
        answer = self._http.post(f"/sandbox/{path}", json=requested)
        return answer.raise_for_status().json()

    def transaction(self, out_trade_no: str) -> dict[str, Any]:
        """Return a transaction with its refunds and notifications."""
        answer = self._http.get(f"/sandbox/transactions/{out_trade_no}")
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def mails(self, recipient: str) -> list[dict[str, Any]]:
        """Return the mails to an address, the newest first."""
        found: list[dict[str, Any]] = (
            self._http.get(f"/sandbox/mails/{recipient}").raise_for_status().json()["items"]
        )
        return found

    def merchant_settings(self, notify_url: str) -> dict[str, str]:
        """Return the WECHAT_* settings of a merchant of this sandbox."""
        secret = self._secrets
        return {
            "WECHAT_GATEWAY": self.url,
            "WECHAT_MCHID": self._published("mchid"),
            "WECHAT_APPID": self._published("appid"),
            "WECHAT_CERT_SERIAL": self._published("merchant_serial"),
            "WECHAT_PRIVATE_KEY_FILE": str(secret / "wechat_merchant_private.pem"),
            "WECHAT_APIV3_KEY_FILE": str(secret / "wechat" / "apiv3_key"),
            "WECHAT_PUBLIC_KEY_FILE": str(secret / "wechat" / "provider_public.pem"),
            "WECHAT_PUBLIC_KEY_ID": self._published("provider_key_id"),
            "WECHAT_NOTIFY_URL": notify_url,
        }

    def _own_settings(self) -> dict[str, str]:
        return {
            "SANDBOX_PORT": str(self.port),
            "SANDBOX_MAIL_PORT": str(self.mail_port),
            "SANDBOX_KEYS_DIR": str(self._secrets / "wechat"),
            "SANDBOX_STATE": str(self._folder / "sandbox.sqlite"),
        }

    def _published(self, name: str) -> str:
        return (self._secrets / "wechat" / name).read_text().strip()

    def _ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError((self._folder / "sandbox.log").read_text())
        try:
            return self._http.get("/health/ready").status_code == 200
        except httpx.TransportError:
            return False


class NotificationReceiver(ThreadingHTTPServer):
    """Receives a merchant's notifications: stores them and responds with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _NotificationHandler)
        self.status = 204
        self.notifications: list[tuple[dict[str, str], str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/notifications"

    def notification(self, identity: str) -> tuple[dict[str, str], str]:
        """Return headers and body of the notification with this id, once it has arrived."""
        return eventually(lambda: [one for one in self.notifications if identity in one[1]])[0]


class _NotificationHandler(BaseHTTPRequestHandler):
    server: NotificationReceiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.notifications.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing, to keep the output of tests clean."""


@contextmanager
def running_sandbox(folder: Path, **environment: str) -> Iterator[RunningSandbox]:
    """Run a sandbox for the block; `environment` overrides its settings."""
    sandbox = RunningSandbox(folder, **environment)
    try:
        yield sandbox
    finally:
        sandbox.close()


@contextmanager
def notification_receiver() -> Iterator[NotificationReceiver]:
    """Receive notifications for the block."""
    with NotificationReceiver() as receiver:
        threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()
        yield receiver
        receiver.shutdown()
