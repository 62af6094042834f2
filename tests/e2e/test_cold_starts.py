"""Each program starts as a person or a container starts it: a new Python, and every import of its own.

Elsewhere tests fork programs from a process that has imported what they need (`shared.testing.warm`).
"""

import pytest

from shared import manifest

PROGRAMS = [process.name for process in manifest.get().processes]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_of_the_system_gets_ready_from_a_cold_start(system, launch, name):
    assert name in {log.stem for log in launch.seen}
    system.wait_ready(name)


def test_the_queues_are_declared_from_a_cold_start(system):
    assert "Traceback" not in (system.site.run_dir / "logs" / "topology.log").read_text()
