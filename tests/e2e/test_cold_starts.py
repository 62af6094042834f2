"""Each program starts cold, as from a shell or in a container: with a new Python and all its imports.

Other tests fork programs from a process that has done the imports (`shared.testing.warm`).
"""

import pytest

from shared import manifest

PROGRAMS = [process.name for process in manifest.get().processes]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_of_the_system_gets_ready_after_a_cold_start(system, launch, name):
    assert name in {log.stem for log in launch.seen}
    system.wait_ready(name)


def test_the_queues_are_declared_after_a_cold_start(system):
    assert "Traceback" not in (system.site.run_dir / "logs" / "topology.log").read_text()
