"""The whole system as a list: which processes run, with which settings, on which ports."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local import secret_files
from local.ports import Ports
from local.supervisor import Process

SERVICES = ("catalog", "orders", "users", "payments", "marketing")
OTHERS = ("gateway", "sandbox", "auditor", "catalog-import")
PORTS = (*OTHERS, *(name + use for name in SERVICES for use in ("", "-relay", "-wake")))

# Where a process's health and metrics are, if not on the port of its name: the gateway's port is everybody's.
OBSERVED = {"gateway": "gateway-observe"}

AUDITOR = "auditor@auditor.example"  # the account that the auditor signs in with


@dataclass(frozen=True)
class Site:
    """One installation: its folder, its databases by service, its vhost, its number in Redis.

    `caller_urls`: the vhost's address for those who only call services, by process (`local.broker_users`).
    """

    run_dir: Path
    databases: dict[str, str]
    amqp_url: str
    redis_url: str
    ports: Ports
    caller_urls: Mapping[str, str] = field(default_factory=dict)

    def amqp_url_of(self, process: str) -> str:
        """The broker's address with the user of this process."""
        return self.caller_urls.get(process, self.amqp_url)

    @property
    def gateway_url(self) -> str:
        """Where people and programs reach it."""
        return f"http://127.0.0.1:{self.ports.get('gateway')}"

    @property
    def sandbox_url(self) -> str:
        """Where the payment provider to test against answers."""
        return f"http://127.0.0.1:{self.ports.get('sandbox')}"


def processes(site: Site) -> list[Process]:
    """Everything that runs all the time."""
    found = []
    for service in SERVICES:
        found += [_process(site, service, "shared.run", service), _relay(site, service)]
    return [*found, _import_worker(site), _gateway(site), _sandbox(site), _auditor(site)]


def topology(site: Site) -> Process:
    """Declare every queue before anything is published."""
    return Process("topology", _python("shared.topology", *SERVICES), _shared_settings(site))


def auditor_account(site: Site) -> Process:
    """Make the account that the auditor signs in with, if it is not there."""
    environment = settings(site, "users") | auditor_settings(site)
    return Process("create-auditor", _python("users.create_auditor", AUDITOR), environment)


def settings(site: Site, service: str) -> dict[str, str]:
    """The environment of one service's processes."""
    own = {
        "DATABASE_URL": site.databases[service],
        "RELAY_WAKE_PORT": str(site.ports.get(f"{service}-wake")),
        "OBSERVE_PORT": str(site.ports.get(service)),
        "PERSONAL_KEYS_DIR": _secret(site, "personal"),
    }
    return _shared_settings(site) | own | SETTINGS.get(service, lambda _: {})(site)


def auditor_settings(site: Site) -> dict[str, str]:
    """The environment of the auditor: where it asks, and as whom."""
    password = secret_files.secret(site.run_dir, "auditor_password")
    return {
        "AMQP_URL": site.amqp_url_of("auditor"),
        "AUDITOR_EMAIL": AUDITOR,
        "AUDITOR_PASSWORD": password,
        "AUDIT_STATE": str(site.run_dir / "audit.sqlite"),
    }


def media(site: Site) -> Path:
    """The folder of pictures that the gateway serves."""
    return site.run_dir / "media"


def _process(site: Site, name: str, module: str, *arguments: str) -> Process:
    return Process(name, _python(module, *arguments), settings(site, name), site.ports.get(name))


def _relay(site: Site, service: str) -> Process:
    port = site.ports.get(f"{service}-relay")
    environment = settings(site, service) | {"OBSERVE_PORT": str(port)}
    return Process(f"{service}-relay", _python("shared.relay", service), environment, port)


def _import_worker(site: Site) -> Process:
    port = site.ports.get("catalog-import")
    environment = {
        "DATABASE_URL": site.databases["catalog"],
        "RELAY_WAKE_PORT": str(site.ports.get("catalog-wake")),
        "OBSERVE_PORT": str(port),
    }
    return Process("catalog-import", _python("catalog.import_worker"), environment, port)


def _gateway(site: Site) -> Process:
    port = site.ports.get("gateway")
    observe_port = str(site.ports.get(OBSERVED["gateway"]))
    own = {
        "AMQP_URL": site.amqp_url_of("gateway"),
        "GATEWAY_PORT": str(port),
        "OBSERVE_PORT": observe_port,
        "MEDIA_DIR": str(media(site)),
    }
    return Process("gateway", _python("gateway"), _shared_settings(site) | own, port)


def _sandbox(site: Site) -> Process:
    port = site.ports.get("sandbox")
    own = {
        "SANDBOX_PORT": str(port),
        "SANDBOX_KEYS_DIR": str(site.run_dir / "secrets" / "wechat"),
        "SANDBOX_STATE": str(site.run_dir / "sandbox.sqlite"),
    }
    return Process("sandbox", _python("sandbox"), own, port)


def _auditor(site: Site) -> Process:
    port = site.ports.get("auditor")
    environment = auditor_settings(site) | {"OBSERVE_PORT": str(port)}
    return Process("auditor", _python("auditor", "--watch"), environment, port)


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _shared_settings(site: Site) -> dict[str, str]:
    return {
        "AMQP_URL": site.amqp_url,
        "REDIS_URL": site.redis_url,
        "TOKEN_PUBLIC_KEY_FILE": _secret(site, "token_public.pem"),
        # Everything is on loopback: without its own resolver eventlet is imported in half the time.
        "EVENTLET_NO_GREENDNS": "yes",
    }


def _users(site: Site) -> dict[str, str]:
    return {"TOKEN_PRIVATE_KEY_FILE": _secret(site, "token_private.pem")}


def _marketing(site: Site) -> dict[str, str]:
    return {"QUOTE_PRIVATE_KEY_FILE": _secret(site, "quote_private.pem")}


def _orders(site: Site) -> dict[str, str]:
    return {
        "QUOTE_PUBLIC_KEY_FILE": _secret(site, "quote_public.pem"),
        "CARRIERS_FILE": _secret(site, "carriers.json"),
    }


def _payments(site: Site) -> dict[str, str]:
    def said(name: str) -> str:
        return Path(_secret(site, f"wechat/{name}")).read_text()

    return {
        "WECHAT_GATEWAY": site.sandbox_url,
        "WECHAT_MCHID": said("mchid"),
        "WECHAT_APPID": said("appid"),
        "WECHAT_CERT_SERIAL": said("merchant_serial"),
        "WECHAT_PRIVATE_KEY_FILE": _secret(site, "wechat_merchant_private.pem"),
        "WECHAT_APIV3_KEY_FILE": _secret(site, "wechat/apiv3_key"),
        "WECHAT_PUBLIC_KEY_FILE": _secret(site, "wechat/provider_public.pem"),
        "WECHAT_PUBLIC_KEY_ID": said("provider_key_id"),
        "WECHAT_NOTIFY_URL": f"{site.gateway_url}/api/v1/payments/wechat/notifications",
    }


def _secret(site: Site, name: str) -> str:
    return str(site.run_dir / "secrets" / name)


SETTINGS = {"users": _users, "marketing": _marketing, "orders": _orders, "payments": _payments}
