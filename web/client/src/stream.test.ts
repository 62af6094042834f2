import { expect, test } from 'vitest'
import { follow, type Line } from './stream'

interface Order {
  state: string
}

const event = (state: string) => `event: status\nid: 1\ndata: {"state":"${state}"}\n\n`

/** A server that answers each connection with the next of these: pieces of a body, or a refusal. */
function line(...answers: (string[] | Response)[]) {
  const waits: number[] = []
  const opened: string[] = []
  const given: Line = {
    open: async (path, signal) => {
      opened.push(path)
      const next = answers.shift()
      if (!next) return new Promise((_, refuse) => signal.addEventListener('abort', refuse))
      return next instanceof Response ? next : new Response(body(next))
    },
    wait: async (milliseconds) => void waits.push(milliseconds),
    silence: 1000,
  }
  return { given, waits, opened }
}

const body = (pieces: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
      controller.close()
    },
  })

const problem = (status: number, facts = {}) => Response.json({ status, code: 'x', detail: '', ...facts }, { status })

function heard(server: Line) {
  const states: string[] = []
  const live: boolean[] = []
  const refused: number[] = []
  const stop = follow<Order>('/s', {
    state: (order) => states.push(order.state),
    live: (now) => live.push(now),
    refused: ({ status }) => refused.push(status),
    isLast: (order) => order.state === 'completed',
  }, server)
  return { states, live, refused, stop }
}

test('each state is told, in whatever pieces it comes, and nothing follows on the last one', async () => {
  const { given, opened } = line(['retry: 1000\n\n', event('confirmed').slice(0, 20), `${event('confirmed').slice(20)}: keep-alive\n\n`, event('completed')])
  const { states } = heard(given)
  await expect.poll(() => states).toEqual(['confirmed', 'completed'])
  expect(opened).toHaveLength(1)
})

test('a stream that ends early is opened again', async () => {
  const { given, waits } = line([event('confirmed'), 'event: problem\ndata: {"code":"token_expired"}\n\n'], [event('completed')])
  const { states, live } = heard(given)
  await expect.poll(() => states).toEqual(['confirmed', 'completed'])
  expect(live).toEqual([true, false, true])
  expect(waits).toEqual([1000])
})

test('without an answer it waits longer each time, and as long as the server asks', async () => {
  const { given, waits } = line(problem(503), problem(503), problem(429, { retry_after: 60 }), [event('completed')])
  const { states } = heard(given)
  await expect.poll(() => states).toEqual(['completed'])
  expect(waits).toEqual([2000, 4000, 60_000])
})

test('what cannot be followed is told once', async () => {
  const { given, opened } = line(problem(404))
  const { refused } = heard(given)
  await expect.poll(() => refused).toEqual([404])
  expect(opened).toHaveLength(1)
})

test('a silent connection is given up, and opened again', async () => {
  const { given, opened } = line()
  given.silence = 5
  const { stop } = heard(given)
  await expect.poll(() => opened.length).toBeGreaterThan(1)
  stop()
})

test('stopping closes the connection', async () => {
  const { given, opened } = line()
  const { stop } = heard(given)
  await expect.poll(() => opened).toHaveLength(1)
  stop()
  expect(opened).toHaveLength(1)
})
