/** Two people changed the same product: what both changed is chosen, what only one changed is taken over. */

import { changedParts, type Draft, type Part, valueOf, withPart } from './draft'

export type Side = 'mine' | 'theirs'

/** The parts that both changed, each to something else. */
export function conflictsOf(base: Draft, mine: Draft, theirs: Draft): Part[] {
  const changedThere = changedParts(base, theirs)
  return changedParts(base, mine).filter(
    (part) => changedThere.includes(part) && JSON.stringify(valueOf(mine, part)) !== JSON.stringify(valueOf(theirs, part)),
  )
}

/** Theirs with what was changed here: a part that both changed as chosen, mine where nothing is chosen. */
export function merged(base: Draft, mine: Draft, theirs: Draft, chosen: Partial<Record<Part, Side>>): Draft {
  return changedParts(base, mine).reduce((draft, part) => (chosen[part] === 'theirs' ? draft : withPart(draft, part, mine)), theirs)
}
