"""Guards of the sagas, switched off one at a time."""

from tests.mutants.mutant import Mutant

SAGAS: list[Mutant] = []
