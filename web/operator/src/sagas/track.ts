/** The picture of a saga's steps: the way forward, where it turned back, and the way back. */

import type { SagaTimeline } from '@jishi/client'

export type Mark = 'done' | 'skipped' | 'now' | 'turned' | 'stuck' | 'todo'

export interface Stop {
  step: string
  mark: Mark
}

export interface Track {
  /** All steps, in their order. */
  forward: Stop[]
  /** The step after which there is no way back. */
  pivot: number
  isPivotPassed: boolean
  /** The steps that are or will be undone, the latest first: empty if the saga did not turn back. */
  back: Stop[]
  /** The step at which it turned back. */
  turnedAt: number | undefined
}

type Transition = SagaTimeline['transitions'][number]

/** What the transitions tell of each step. A saga whose time line is gone shows what its status says. */
export function trackOf(saga: SagaTimeline): Track {
  const names = saga.steps.map((step) => step.name)
  const pivot = saga.steps.findIndex((step) => step.pivot)
  const turn = saga.transitions.findLast((each) => isForward(each.before) && each.after.status === 'undoing')
  const turnedAt = turn?.before?.step ? names.indexOf(turn.before.step) : undefined
  const isTurned = saga.status === 'undoing' || saga.status === 'undone' || (saga.status === 'stuck' && wasUndoing(saga))
  const reached = furthest(saga, names)
  const forward = names.map((step, at) => ({ step, mark: forwardMark(saga, step, at, reached, isTurned ? turnedAt : undefined) }))
  return {
    forward,
    pivot,
    isPivotPassed: saga.status === 'done' || (reached > pivot && pivot >= 0),
    back: isTurned ? backOf(saga, turn) : [],
    turnedAt: isTurned ? turnedAt : undefined,
  }
}

function isForward(position: Transition['before']): boolean {
  return position?.status === 'running' || position?.status === 'waiting'
}

/** Whether a stuck saga is stuck on its way back. */
export function wasUndoing(saga: SagaTimeline): boolean {
  return saga.transitions.findLast((each) => each.after.status === 'stuck')?.before?.status === 'undoing'
}

/** How far the saga got: the place of the last step that it entered on its way forward. */
function furthest(saga: SagaTimeline, names: string[]): number {
  if (saga.status === 'done') return names.length
  const entered = saga.transitions.filter((each) => isForward(each.after) && each.after.step)
  const last = entered.at(-1)?.after.step ?? (saga.status === 'running' ? saga.step : undefined)
  return last ? names.indexOf(last) : -1
}

function forwardMark(saga: SagaTimeline, step: string, at: number, reached: number, turnedAt: number | undefined): Mark {
  if (at === turnedAt) return 'turned'
  if (at < reached) return wasEntered(saga, step) ? 'done' : 'skipped'
  if (at > reached) return 'todo'
  return saga.status === 'stuck' ? 'stuck' : saga.status === 'running' ? 'now' : 'todo'
}

/** Whether a step was entered; one that had nothing to do, or that an operator skipped, counts as left out. */
function wasEntered(saga: SagaTimeline, step: string): boolean {
  if (saga.transitions.length === 0) return true
  const entered = saga.transitions.some((each) => each.after.status === 'running' && each.after.step === step)
  const isSkipped = saga.transitions.some((each) => each.input.kind === 'skip' && each.before?.step === step)
  return entered && !isSkipped
}

/** The steps of the way back: those already undone, the present one, and those that remain. */
function backOf(saga: SagaTimeline, turn: Transition | undefined): Stop[] {
  const since = turn ? saga.transitions.slice(saga.transitions.indexOf(turn)) : []
  const visited = [...new Set(since.filter((each) => each.after.status === 'undoing').flatMap((each) => each.after.step ?? []))]
  const isSkipped = (step: string) => since.some((each) => each.input.kind === 'skip' && each.before?.step === step)
  const marks = visited.map((step): Stop => {
    if (step !== saga.step) return { step, mark: isSkipped(step) ? 'skipped' : 'done' }
    return { step, mark: saga.status === 'stuck' ? 'stuck' : 'now' }
  })
  const remaining = saga.undo.filter((step) => !visited.includes(step)).reverse()
  return [...marks, ...remaining.map((step): Stop => ({ step, mark: 'todo' }))]
}
