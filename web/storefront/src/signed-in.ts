/** Pages for people who are signed in (`meta.signedIn`): a guest signs in first, and comes back to the page. */

import type { Session } from '@jishi/client'
import type { RouteLocationRaw, Router } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Whether the page is shown to somebody who is signed in only. */
    signedIn?: boolean
  }
}

/** The page for signing in, which leads back to `next`; `ended` says that a session has just ended there. */
export function signInFirst(next: string, ended = false): RouteLocationRaw {
  return { path: '/sign-in', query: ended ? { next, ended: '1' } : { next } }
}

/** Sends guests from such pages to the sign-in, also when their session ends while they look at one. */
export function guardSignedIn(router: Router, session: Pick<Session, 'watch'>): void {
  let isSignedIn = false
  const turnAway = () => {
    const here = router.currentRoute.value
    if (here.meta.signedIn && !isSignedIn) void router.replace(signInFirst(here.fullPath, true))
  }
  router.beforeEach((to) => (to.meta.signedIn && !isSignedIn ? signInFirst(to.fullPath) : true))
  router.afterEach(turnAway) // the session may have ended while the page was on its way
  session.watch((now) => {
    isSignedIn = now
    turnAway()
  })
}
