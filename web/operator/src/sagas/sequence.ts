/** The time line of a saga as rows: what it did, what it sent and to whom, what came back, and how long it waited. */

import type { SagaTimeline } from '@jishi/client'
import { secondsBetween } from '../desk/ages'
import { serviceOf } from './topics'

type Transition = SagaTimeline['transitions'][number]
type Command = SagaTimeline['sent'][number]

interface Common {
  key: string
  at?: string
  /** Whether it belongs to the way back, which is drawn in red. */
  isBack: boolean
}

export type Row = Common &
  (
    | { kind: 'moment'; what: Transition['input']['kind']; step?: string | null; reason?: string | null; actor: string; note?: string | null }
    | { kind: 'sent'; service: string; command: Command; step?: string | null; time: number; isAnswered: boolean }
    | { kind: 'repeated'; service: string; topic: string; from: number; to: number; commands: Command[]; last: string }
    | { kind: 'received'; service: string; topic: string; body: unknown; seconds?: number }
    | { kind: 'waited'; step: string; seconds: number }
    | { kind: 'ended'; status: SagaTimeline['status'] }
    | { kind: 'pending'; at?: string; within?: number | null; step?: string | null; isStuck: boolean }
  )

const LONG = 10

/** The rows of a time line, the oldest first. */
export function sequenceOf(saga: SagaTimeline): Row[] {
  const commands = new Map(saga.sent.map((command) => [command.message_id, command]))
  const answered = new Set(saga.transitions.flatMap((each) => each.input.in_reply_to ?? []))
  const rows: Row[] = []
  saga.transitions.forEach((each, index) => {
    const before = saga.transitions[index - 1]
    if (before) rows.push(...waitBetween(before, each, saga, index))
    rows.push(...rowsOf(each, index, commands, answered, saga))
  })
  const end = saga.transitions.at(-1)
  if (saga.status === 'done' || saga.status === 'undone')
    rows.push({ key: 'end', kind: 'ended', status: saga.status, isBack: saga.status === 'undone', at: end?.at ?? saga.updated_at })
  else rows.push(...pendingOf(saga))
  return joined(rows)
}

/** A wait for an event, or any long silence, is shown as such. */
function waitBetween(before: Transition, each: Transition, saga: SagaTimeline, index: number): Row[] {
  const seconds = secondsBetween(before.at, each.at)
  const step = before.after.step ?? ''
  const isAwait = saga.steps.some((one) => one.name === step && one.kind === 'await') && before.after.status === 'running'
  if (seconds < (isAwait ? 1 : LONG)) return []
  return [{ key: `wait-${index}`, kind: 'waited', step, seconds, isBack: isBackAt(before.after.status, saga) }]
}

function rowsOf(each: Transition, index: number, commands: Map<string, Command>, answered: Set<string>, saga: SagaTimeline): Row[] {
  const rows: Row[] = []
  const isBack = isBackAt(each.after.status, saga) && each.before !== null
  const wasBack = isBackAt(each.before?.status, saga)
  const { input } = each
  if (input.kind === 'received' && input.topic) {
    const asked = input.in_reply_to ? sentAt(saga, input.in_reply_to) : undefined
    const seconds = asked ? secondsBetween(asked, each.at) : undefined
    rows.push({ key: `in-${index}`, kind: 'received', at: each.at, isBack: wasBack, service: serviceOf(input.topic), topic: input.topic, body: input.data, seconds })
  } else if (!isHidden(each)) {
    const step = each.before?.step ?? each.after.step
    rows.push({ key: `do-${index}`, kind: 'moment', at: each.at, isBack, what: input.kind, step, reason: input.reason, actor: each.actor, note: each.note })
  }
  const command = each.sent ? commands.get(each.sent) : undefined
  if (command) rows.push(sentRow(command, each, isBack, answered.has(command.message_id)))
  if (each.after.status === 'stuck' && each.before?.status !== 'stuck')
    rows.push({ key: `stuck-${index}`, kind: 'ended', status: 'stuck', isBack: true, at: each.at })
  return rows
}

function sentRow(command: Command, each: Transition, isBack: boolean, isAnswered: boolean): Row {
  const service = serviceOf(command.topic ?? '')
  return { key: command.message_id, kind: 'sent', at: each.at, isBack, service, command, step: each.after.step, time: 1, isAnswered }
}

/** A saga gets its locks at once, as a rule, and a repeated command says itself that time ran out. */
function isHidden(each: Transition): boolean {
  if (each.input.kind !== 'timer_fired') return false
  const isAgain = each.before?.step === each.after.step && each.before?.status === each.after.status && each.sent !== null
  return isAgain || (each.before?.status === 'waiting' && each.after.status === 'running')
}

/** When the saga sent a command: the time of the transition, by the same clock as that of its reply. */
function sentAt(saga: SagaTimeline, messageId: string): string | undefined {
  return saga.transitions.find((each) => each.sent === messageId)?.at
}

function isBackAt(status: string | undefined, saga: SagaTimeline): boolean {
  return status === 'undoing' || status === 'undone' || (status === 'stuck' && saga.status !== 'done')
}

/** What is still to come: the timer, or a person. */
function pendingOf(saga: SagaTimeline): Row[] {
  const isBack = saga.status === 'undoing' || saga.status === 'stuck'
  return [{ key: 'pending', kind: 'pending', at: saga.timer?.at ?? undefined, within: saga.timer?.within, step: saga.step, isStuck: saga.status === 'stuck', isBack }]
}

/** The same command sent again and again is one row after its first; waits between belong to it. */
function joined(rows: Row[]): Row[] {
  const out: Row[] = []
  for (const row of rows) {
    const known = row.kind === 'sent' ? out.findLast((each) => each.kind !== 'waited') : undefined
    const isAgain = row.kind === 'sent' && known && !answerOf(known) && topicOf(known) === row.command.topic
    if (isAgain) addTime(out, known, row)
    else out.push(row)
  }
  return out
}

function answerOf(row: Row): boolean {
  return row.kind === 'sent' ? row.isAnswered : row.kind !== 'repeated'
}

function topicOf(row: Row): string | null | undefined {
  if (row.kind === 'sent') return row.command.topic
  return row.kind === 'repeated' ? row.topic : undefined
}

function addTime(out: Row[], known: Row, row: Extract<Row, { kind: 'sent' }>): void {
  while (out.at(-1)?.kind === 'waited') out.pop()
  if (row.isAnswered) out.push({ ...row, time: known.kind === 'repeated' ? known.to + 1 : 2 })
  else if (known.kind === 'repeated') {
    known.to += 1
    known.commands.push(row.command)
    known.last = row.at ?? known.last
  } else {
    const { key, at, isBack, service, command } = row
    out.push({ key, at, isBack, kind: 'repeated', service, topic: command.topic ?? '', from: 2, to: 2, commands: [command], last: at ?? '' })
  }
}
