/**
 * The session of this browser: the access token in memory, the refresh token in a cookie that no script reads.
 * All tabs share one session: only one of them refreshes at a time, and tells the others the new token.
 */

interface Token {
  text: string
  /** When it is refreshed, in milliseconds since 1970: some time before it ends. */
  until: number
}

/** What the session needs of the browser; tests pass their own. */
export interface Browser {
  fetch: typeof fetch
  /** Runs one task at a time among all tabs. */
  alone: <T>(task: () => Promise<T>) => Promise<T>
  /** Whether somebody signed in here before: guests have nothing to refresh. */
  remembered: { get: () => boolean; set: (signedIn: boolean) => void }
  now: () => number
  /** What refusals are worded in. */
  language: () => string
  tell: (token: Token | null) => void
  listen: (hear: (token: Token | null) => void) => void
}

const PATH = '/api/v1/browser-sessions'
const EARLY = 60_000

export class Session {
  private token: Token | null = null
  private readonly watching = new Set<(signedIn: boolean) => void>()

  constructor(private readonly browser: Browser) {
    browser.listen((token) => this.know(token))
  }

  /** A valid access token; undefined for guests. */
  async current(): Promise<string | undefined> {
    if (this.token && this.token.until > this.browser.now()) return this.token.text
    return this.browser.remembered.get() ? this.refreshed(this.token?.text) : undefined
  }

  /** Sign in. Resolves to the failed answer, or to nothing when it worked. */
  async signIn(email: string, password: string): Promise<Response | undefined> {
    const answer = await this.browser.fetch(PATH, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': this.browser.language() },
      body: JSON.stringify({ email, password }),
    })
    if (!answer.ok) return answer
    this.share(await this.read(answer))
    return undefined
  }

  /** End the session here and on the server; without an answer it ends here. */
  async signOut(): Promise<void> {
    const token = await this.current()
    this.share(null)
    if (token) {
      const headers = { Authorization: `Bearer ${token}` }
      await this.browser.fetch(`${PATH}/current`, { method: 'DELETE', headers }).catch(() => undefined)
    }
  }

  /** Fetch with the session: an access token that was refused is refreshed, and the request repeated, once. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const again = request.clone()
    const answer = await this.browser.fetch(request)
    const refused = request.headers.get('Authorization')?.replace('Bearer ', '')
    if (answer.status !== 401 || !refused) return answer
    const token = await this.refreshed(refused)
    if (!token) return answer
    again.headers.set('Authorization', `Bearer ${token}`)
    return this.browser.fetch(again)
  }

  /** Be told when somebody signs in or out, in this tab or another one. */
  watch(told: (signedIn: boolean) => void): void {
    this.watching.add(told)
    told(this.browser.remembered.get())
  }

  /** The token after `used`: another tab may have refreshed it meanwhile. */
  private async refreshed(used: string | undefined): Promise<string | undefined> {
    return this.browser.alone(async () => {
      if (this.token && this.token.text !== used && this.token.until > this.browser.now()) return this.token.text
      if (!this.browser.remembered.get()) return undefined
      const answer = await this.browser.fetch(`${PATH}/refresh`, { method: 'POST' })
      const next = answer.ok ? await this.read(answer) : null
      // whoever signed out meanwhile, in whatever tab, stays signed out
      if (!this.browser.remembered.get()) return undefined
      if (next) this.share(next)
      else if (answer.status === 401) this.share(null)
      return this.token?.text
    })
  }

  private async read(answer: Response): Promise<Token> {
    const found = (await answer.json()) as { access_token: string; expires_in: number }
    return { text: found.access_token, until: this.browser.now() + found.expires_in * 1000 - EARLY }
  }

  private share(token: Token | null): void {
    this.browser.remembered.set(token !== null)
    this.know(token)
    this.browser.tell(token)
  }

  private know(token: Token | null): void {
    this.token = token
    for (const told of this.watching) told(token !== null)
  }
}

/** The session of a real browser. */
export function browserSession(): Session {
  const channel = new BroadcastChannel('jishi-session')
  return new Session({
    fetch: (...request) => fetch(...request),
    alone: (task) => navigator.locks.request('jishi-session', task) as ReturnType<typeof task>,
    remembered: {
      get: () => localStorage.getItem('signed_in') === '1',
      set: (signedIn) => (signedIn ? localStorage.setItem('signed_in', '1') : localStorage.removeItem('signed_in')),
    },
    now: Date.now,
    language: () => document.documentElement.lang,
    tell: (token) => channel.postMessage(token),
    listen: (hear) => channel.addEventListener('message', (event) => hear(event.data as Token | null)),
  })
}
