import { expect, test } from 'vitest'
import { type Browser, Session } from './session'

/** A browser with tabs that share a lock, a channel and a server that accepts each refresh token once. */
function browser() {
  const asked: string[] = []
  const hearers: ((token: never) => void)[] = []
  const server = { signedIn: true, tokens: 0, refused: new Set<string>(), now: 0 }
  let signedIn = true
  let last = Promise.resolve<unknown>(undefined)
  const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })
  const given: Browser = {
    fetch: async (input, init) => {
      const request = new Request(new URL(input instanceof Request ? input.url : String(input), 'http://shop'), input instanceof Request ? input : init)
      const path = new URL(request.url).pathname.replace('/api/v1', '')
      asked.push(`${request.method} ${path}`)
      if (path.endsWith('/refresh') || (path === '/browser-sessions' && request.method === 'POST'))
        return server.signedIn ? answer({ access_token: `t${++server.tokens}`, expires_in: 900 }, 201) : answer({}, 401)
      const token = request.headers.get('Authorization')?.replace('Bearer ', '') ?? ''
      return server.refused.has(token) ? answer({}, 401) : answer({ token, body: await request.text() })
    },
    alone: (task) => {
      const next = last.then(task)
      last = next.catch(() => undefined)
      return next
    },
    remembered: { get: () => signedIn, set: (now) => (signedIn = now) },
    now: () => server.now,
    language: () => 'zh-CN',
    tell: (token) => hearers.slice(1).forEach((hear) => hear(token as never)),
    listen: (hear) => hearers.push(hear as (token: never) => void),
  }
  return { given, asked, server }
}

const call = (session: Session, token: string) =>
  session.fetch('http://shop/api/v1/cart', { method: 'PUT', body: 'x', headers: { Authorization: `Bearer ${token}` } })

test('tabs that need a token at once refresh the session once', async () => {
  const { given, asked } = browser()
  const tabs = [new Session(given), new Session(given)]
  const first = tabs[0] as Session
  expect(await Promise.all([first.current(), first.current(), first.current()])).toEqual(['t1', 't1', 't1'])
  expect(await (tabs[1] as Session).current()).toBe('t1')
  expect(asked).toEqual(['POST /browser-sessions/refresh'])
})

test('a guest asks for nothing', async () => {
  const { given, asked } = browser()
  given.remembered.set(false)
  expect(await new Session(given).current()).toBeUndefined()
  expect(asked).toEqual([])
})

test('a token is refreshed before it ends', async () => {
  const { given, server } = browser()
  const session = new Session(given)
  await session.current()
  server.now = 839_999
  expect(await session.current()).toBe('t1')
  server.now = 840_000
  expect(await session.current()).toBe('t2')
})

test('a refused token is refreshed and the request repeated with its body, once', async () => {
  const { given, asked, server } = browser()
  const session = new Session(given)
  await session.current()
  server.refused.add('t1')
  expect(await (await call(session, 't1')).json()).toEqual({ token: 't2', body: 'x' })
  server.refused.add('t2').add('t3')
  expect((await call(session, 't2')).status).toBe(401)
  expect(asked.filter((each) => each === 'PUT /cart')).toHaveLength(4)
})

test('a session that has ended makes a guest of everybody, in all tabs', async () => {
  const { given, server } = browser()
  const session = new Session(given)
  const told: boolean[] = []
  session.watch((signedIn) => told.push(signedIn))
  server.signedIn = false
  expect(await session.current()).toBeUndefined()
  expect(told).toEqual([true, false])
  expect(given.remembered.get()).toBe(false)
})

test('a server that does not answer ends no session', async () => {
  const { given } = browser()
  const broken = { ...given, fetch: async () => new Response('', { status: 503 }) }
  const session = new Session(broken)
  expect(await session.current()).toBeUndefined()
  expect(given.remembered.get()).toBe(true)
})

test('a refusal to sign in is in the language of the page', async () => {
  const { given, server } = browser()
  server.signedIn = false
  const spoken: (string | null)[] = []
  const listening = { ...given, fetch: ((...[input, init]: Parameters<typeof fetch>) => (spoken.push(new Headers(init?.headers).get('Accept-Language')), given.fetch(input, init))) as typeof fetch }
  expect((await new Session(listening).signIn('a@b', 'wrong'))?.status).toBe(401)
  expect(spoken).toEqual(['zh-CN'])
})

test('signing out ends the session on the server, and here even without an answer', async () => {
  const { given, asked } = browser()
  const session = new Session(given)
  await session.signOut()
  expect(asked.at(-1)).toBe('DELETE /browser-sessions/current')
  expect(await session.current()).toBeUndefined()
})

test('a refresh that is under way when somebody signs out does not sign in again', async () => {
  const { given, server } = browser()
  let arrive: () => void = () => undefined
  const arrived = new Promise<void>((resolve) => (arrive = resolve))
  const slow: Browser = {
    ...given,
    fetch: async (input, init) => {
      const answer = await given.fetch(input, init)
      if (String(input).endsWith('/refresh')) await arrived
      return answer
    },
  }
  const [leaving, reading] = [new Session(given), new Session(slow)]
  await leaving.current()
  server.now = 900_000
  const token = reading.current()
  await Promise.resolve()
  given.remembered.set(false) // as the tab that signs out does
  arrive()
  expect(await token).toBeUndefined()
  expect(given.remembered.get()).toBe(false)
})

test('a request that is refused after signing out does not refresh the session', async () => {
  const { given, asked, server } = browser()
  const session = new Session(given)
  await session.current()
  await session.signOut()
  server.refused.add('t1')
  expect((await call(session, 't1')).status).toBe(401)
  expect(asked.filter((each) => each.endsWith('/refresh'))).toHaveLength(1)
})
