import { expect, test } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { guardSignedIn } from './signed-in'

const page = { template: '' }

async function shop(isSignedIn: boolean) {
  let tell: (now: boolean) => void = () => undefined
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: page },
      { path: '/sign-in', component: page },
      { path: '/orders', component: page, meta: { signedIn: true } },
    ],
  })
  guardSignedIn(router, { watch: (told) => ((tell = told), told(isSignedIn)) })
  return { router, tell: (now: boolean) => tell(now) }
}

test('a guest signs in first, and comes back to the same address', async () => {
  const { router } = await shop(false)
  await router.push('/orders?tab=pay')
  expect(router.currentRoute.value.path).toBe('/sign-in')
  expect(router.currentRoute.value.query).toEqual({ next: '/orders?tab=pay' })
})

test('whoever is signed in sees the page, until the session ends', async () => {
  const { router, tell } = await shop(true)
  await router.push('/orders')
  expect(router.currentRoute.value.path).toBe('/orders')
  tell(false)
  await expect.poll(() => router.currentRoute.value.query).toEqual({ next: '/orders', ended: '1' })
})

test('pages for everybody stay where they are when a session ends', async () => {
  const { router, tell } = await shop(true)
  await router.push('/')
  tell(false)
  await router.push('/')
  expect(router.currentRoute.value.path).toBe('/')
})

test('a session that ends while its page is on the way leads to the sign-in too', async () => {
  const { router, tell } = await shop(true)
  router.beforeResolve((to) => (to.path === '/orders' ? tell(false) : undefined))
  await router.push('/orders')
  await expect.poll(() => router.currentRoute.value.path).toBe('/sign-in')
})
