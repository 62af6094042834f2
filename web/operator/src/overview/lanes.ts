/** The areas that the auditor checks, each with its state now and in the last day. */

import type { Audit } from '@jishi/client'
import { areaOf } from './verdict'

export interface Lane {
  area: string
  state: 'ok' | 'need' | 'wait' | 'none'
  invariants: number
  findings: number
  /** Findings that are too recent to count. */
  waiting: number
  checked: number
  /** Since when something is violated. */
  since?: string
  runs: Run[]
}

export interface Run {
  state: Audit['state']
  from: number
  length: number
}

/** A lane for each area, in the auditor's order. Of a silent auditor no lane is green. */
export function lanesOf(audit: Audit): Lane[] {
  const areas = [...new Set(audit.invariants.map((each) => areaOf(each.name)))]
  return areas.map((area) => {
    const own = audit.invariants.filter((each) => areaOf(each.name) === area)
    const violated = own.filter((each) => each.state === 'violated')
    const isUnknown = audit.state === 'unknown' || own.some((each) => each.state === 'unknown')
    const waiting = own.reduce((sum, each) => sum + each.waiting, 0)
    return {
      area,
      state: violated.length && audit.state !== 'unknown' ? 'need' : isUnknown ? 'none' : waiting ? 'wait' : 'ok',
      invariants: own.length,
      findings: violated.reduce((sum, each) => sum + each.findings, 0),
      waiting,
      checked: own.reduce((sum, each) => sum + checkedOf(each), 0),
      since: violated.map((each) => each.since).sort()[0],
      runs: runsOf(audit.history.find((each) => each.area === area)?.quarters ?? []),
    }
  })
}

/** How many documents are known to agree: all of the last full check, or more if the last one had more. */
export function checkedOf(of: Pick<Audit['invariants'][number], 'checked' | 'full_checked'>): number {
  return Math.max(of.full_checked ?? 0, of.checked)
}

/** Quarters of an hour of the same state in one piece. */
export function runsOf(quarters: Audit['state'][]): Run[] {
  const runs: Run[] = []
  quarters.forEach((state, at) => {
    const last = runs.at(-1)
    if (last?.state === state) last.length += 1
    else runs.push({ state, from: at, length: 1 })
  })
  return runs
}
