"""The schedule of faults: the same for the same seed, and complete."""

from itertools import islice
from random import Random
from types import SimpleNamespace

from shared.provider_calls.worker import LEASE
from tests.chaos.schedule import LONG_FREEZE, schedule

TESTBED = SimpleNamespace(
    processes=["orders", "orders-relay", "payments", "gateway"],
    servers=["postgres", "rabbitmq", "redis"],
    wires=SimpleNamespace(by_name=["orders-postgres", "orders-relay-rabbitmq", "gateway-redis"]),
)


def drawn(seed, count):
    return list(islice(schedule(Random(seed), TESTBED), count))


def test_a_seed_gives_one_schedule():
    assert drawn(7, 50) == drawn(7, 50)
    assert drawn(7, 50) != drawn(8, 50)


def test_every_part_has_every_fault():
    seen = {(fault.how, fault.part) for struck in drawn(1, 80) for fault in struck}
    servers = {(how, part) for part in TESTBED.servers for how in ("killed", "frozen", "cut off", "reset")}
    processes = {(how, part) for part in TESTBED.processes for how in ("killed", "frozen", "stopped")}
    wires = {(how, part) for part in TESTBED.wires.by_name for how in ("cut off", "reset")}
    assert seen == servers | processes | wires | {("rolled", "deployment")}


def test_a_deployment_rolls_among_the_first_seven_faults():
    assert all(any(f.how == "rolled" for struck in drawn(seed, 7) for f in struck) for seed in range(50))


def test_in_a_short_run_faults_are_short():
    struck = [fault for struck in islice(schedule(Random(3), TESTBED, longest=5.0), 80) for fault in struck]
    assert 4 < max(fault.seconds for fault in struck if fault.seconds != LONG_FREEZE) <= 5


def test_a_freeze_longer_than_a_lease_is_among_the_first_three_faults():
    assert LEASE.total_seconds() < LONG_FREEZE
    for seed in range(20):
        long = [fault for struck in drawn(seed, 3) for fault in struck if fault.seconds == LONG_FREEZE]
        ((how, part),) = {(fault.how, fault.part) for fault in long}
        assert how == "frozen"
        assert part in {"payments", "orders-relay"}
