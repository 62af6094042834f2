import { expect, test } from 'vitest'
import { nextPage } from './next'

test('signing in leads back to the page of the shop', () => {
  expect(nextPage('/checkout?sku=1&n=2')).toBe('/checkout?sku=1&n=2')
})

test('no other site, and no page for signing in, comes next', () => {
  for (const asked of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', undefined, ['/cart'], '/sign-in?next=/', '/register'])
    expect(nextPage(asked)).toBe('/')
})
