"""Guards of those who obey commands (stock, benefits, money), switched off one at a time."""

from tests.mutants.mutant import Mutant

PARTICIPANTS: list[Mutant] = []
