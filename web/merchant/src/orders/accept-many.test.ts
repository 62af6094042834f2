import { expect, test } from 'vitest'
import { acceptMany } from './accept-many'

const order = (number: string) => ({ order_id: number, number }) as never

test('a refused order does not keep the others from being accepted', async () => {
  const asked: string[] = []
  const outcome = await acceptMany([order('1'), order('2'), order('3')], async (orderId) => {
    asked.push(orderId)
    if (orderId === '2') throw { status: 409, code: 'transition_not_allowed', detail: 'It is cancelled.' }
  })
  expect(asked).toEqual(['1', '2', '3'])
  expect(outcome).toEqual({ done: 2, failed: [{ number: '2', why: 'It is cancelled.' }] })
})
