"""The manifest of services and processes: derived values and refused contradictions."""

import pytest

from shared import manifest
from shared.manifest import BadManifest, Kind

SHOP = """
[secrets]
key = "key.pem"

[services.shop.settings]
SIGNING_KEY = {secret = "key"}
"""
WORKER = """
[processes.shop-import]
kind = "worker"
service = "shop"
command = ["shop.import_worker"]
"""
GATEWAY = """
[processes.gateway]
kind = "gateway"
command = ["gateway"]
serves = 8080
"""

SWITCH = """
[switches.gifts]
service = "shop"
en = "Gifts can be given."
zh = "可以送礼。"
"""


def test_a_service_has_a_process_of_its_name_and_a_relay():
    listed = manifest.read(SHOP)
    own, relay = listed.processes
    assert (own.name, own.kind, own.command) == ("shop", Kind.SERVICE, ("shared.run", "shop"))
    assert (relay.name, relay.kind, relay.command) == ("shop-relay", Kind.RELAY, ("shared.relay", "shop"))
    assert [setting.name for setting in listed.settings(own)] == ["SIGNING_KEY"]
    assert listed.settings(relay) == ()


def test_a_worker_has_the_settings_of_its_service_only_if_it_needs_them():
    bare, needing = (manifest.read(SHOP + WORKER + extra) for extra in ("", 'needs = ["own"]\n'))
    assert bare.settings(bare.process("shop-import")) == ()
    assert [setting.name for setting in needing.settings(needing.process("shop-import"))] == ["SIGNING_KEY"]
    assert needing.workers("shop") == (needing.process("shop-import"),)
    assert needing.process("shop-import").component == "import"


def test_health_and_metrics_have_their_own_port_where_clients_use_another():
    listed = manifest.read(SHOP + GATEWAY)
    assert listed.process("gateway").ports == ("gateway", "gateway-observe")
    assert listed.process("shop-relay").ports == ("shop-relay", "shop-wake")
    assert manifest.read(SHOP + GATEWAY + "observes = 8080\n").process("gateway").ports == ("gateway",)


def test_a_switch_belongs_to_a_service():
    listed = manifest.read(SHOP + SWITCH)
    assert list(listed.switches_of("shop")) == ["gifts"]
    assert listed.switches_of("office") == {}


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (WORKER.replace('"shop"', '"office"'), "whose name begins its own"),
        (GATEWAY + 'service = "office"\n', "which is not a service"),
        (GATEWAY.replace("processes.gateway", "processes.shop"), "two processes are named shop"),
        (WORKER + 'needs = ["gold"]\n', "needs gold"),
        (WORKER + 'settings = {KEY = {secret = "lost"}}\n', "the secret lost"),
        (WORKER + 'settings = {KEY = {secret = "key", local = "x"}}\n', "no other value"),
        (WORKER + 'settings = {AT = {local = "3", compose = "3", base = "3"}}\n', "is not a secret"),
        (WORKER + "colour = 3\n", "colour"),
        (WORKER.replace('"worker"', '"clerk"'), "clerk"),
        (SWITCH.replace('"shop"', '"office"'), "the switch gifts belongs to office"),
        (SWITCH + "colour = 3\n", "colour"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused(entry, error):
    with pytest.raises(ValueError, match=error):
        manifest.read(SHOP + entry)


def test_the_error_names_the_fault_in_the_manifest():
    with pytest.raises(BadManifest, match="shop-import: KEY comes from the secret lost"):
        manifest.read(SHOP + WORKER + 'settings = {KEY = {secret = "lost"}}\n')
