/**
 * Following a document of the API while it changes (server-sent events: docs/api.md). `EventSource` cannot send a token,
 * so the body of a fetch is read. A stream that ends early, or falls silent, is opened again.
 */

import { client } from './generated/client.gen'
import { problemOf, type Problem } from './problem'

/** What is told about a stream. */
export interface Told<T> {
  /** The whole document: as it is now, and after each change. */
  state: (document: T) => void
  /** Whether changes are seen at once; false while the connection is opened again. */
  live?: (isLive: boolean) => void
  /** The stream cannot be followed (signed out, no such object). */
  refused?: (problem: Problem) => void
  /** Whether nothing follows on a document: the stream is not opened again after it. */
  isLast?: (document: T) => boolean
}

/** What following needs of the outside; tests pass their own. */
export interface Line {
  open: (path: string, signal: AbortSignal) => Promise<Response>
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** A stream sends a comment every 15 s; after this time of silence its connection is lost. */
  silence: number
}

const FINAL = new Set([400, 401, 403, 404, 410, 422])
const LONGEST_WAIT = 30_000

/** Follow the stream at a path of the API until the function that is returned is called. */
export function follow<T>(path: string, told: Told<T>, line: Line = BROWSER): () => void {
  const stopping = new AbortController()
  void keep(path, told, line, stopping.signal)
  return () => stopping.abort()
}

async function keep<T>(path: string, told: Told<T>, line: Line, stopped: AbortSignal): Promise<void> {
  let failures = 0
  while (!stopped.aborted) {
    const end = await once(path, told, line, stopped)
    if (stopped.aborted || end === 'last') return
    told.live?.(false)
    if (typeof end === 'object' && FINAL.has(end.status)) return told.refused?.(end)
    failures = end === 'early' ? 0 : failures + 1
    const asked = typeof end === 'object' ? (end.retryAfter ?? 0) * 1000 : 0
    await line.wait(Math.max(asked, Math.min(1000 * 2 ** failures, LONGEST_WAIT)), stopped)
  }
}

/** One connection. `last`: nothing follows; `early`: it brought documents and ended; else why there was none. */
async function once<T>(path: string, told: Told<T>, line: Line, stopped: AbortSignal): Promise<'last' | 'early' | Problem> {
  const closing = new AbortController()
  const close = () => closing.abort()
  stopped.addEventListener('abort', close)
  let silent = setTimeout(close, line.silence)
  let end: 'last' | 'early' | undefined
  try {
    const answer = await line.open(path, closing.signal)
    if (!answer.ok || !answer.body) return problemOf(await answer.json().catch(() => undefined))
    for await (const event of events(answer.body)) {
      clearTimeout(silent)
      silent = setTimeout(close, line.silence)
      if (event.name !== 'status') continue
      const document = JSON.parse(event.data) as T
      told.live?.(true)
      told.state(document)
      end = told.isLast?.(document) ? 'last' : 'early'
    }
  } catch {
    // Lost on the way; what was read before is true, and the next connection brings the whole document again.
  } finally {
    clearTimeout(silent)
    close()
    stopped.removeEventListener('abort', close)
  }
  return end ?? problemOf(undefined)
}

interface Event {
  name: string
  data: string
}

/** The events of a body; a comment is an event without a name. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + value).split(/\r?\n\r?\n/)
      rest = blocks.pop() ?? ''
      for (const block of blocks) yield eventOf(block)
    }
  } finally {
    void reader.cancel().catch(() => undefined)
  }
}

function eventOf(block: string): Event {
  const event = { name: '', data: '' }
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith('event:')) event.name = line.slice(6).trim()
    else if (line.startsWith('data:')) event.data += line.slice(5).trim()
  }
  return event
}

const BROWSER: Line = {
  open: async (path, signal) => {
    const { fetch: call = fetch, auth } = client.getConfig()
    const token = typeof auth === 'function' ? await auth({ type: 'http', scheme: 'bearer' }) : auth
    const headers = new Headers({ Accept: 'text/event-stream', 'Accept-Language': document.documentElement.lang })
    if (token) headers.set('Authorization', `Bearer ${token}`)
    return call(path, { headers, signal, cache: 'no-store' })
  },
  wait: (milliseconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
    }),
  silence: 45_000,
}
