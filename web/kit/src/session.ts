/** Who is signed in, for components: one session for all tabs (`@jishi/client`). */

import { browserSession, type Session } from '@jishi/client'
import { type App, inject, type InjectionKey, type Ref, ref } from 'vue'

export interface Visitor {
  session: Session
  /** Whether somebody is signed in in this browser; follows the other tabs. */
  isSignedIn: Readonly<Ref<boolean>>
}

const VISITOR: InjectionKey<Visitor> = Symbol('visitor')

export function provideSession(app: App): Session {
  const session = browserSession()
  const isSignedIn = ref(false)
  session.watch((now) => (isSignedIn.value = now))
  app.provide(VISITOR, { session, isSignedIn })
  return session
}

export function useVisitor(): Visitor {
  const visitor = inject(VISITOR)
  if (!visitor) throw new Error('useVisitor needs an app of startApp')
  return visitor
}
