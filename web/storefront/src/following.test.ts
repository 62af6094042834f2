import { QueryClient } from '@tanstack/vue-query'
import { expect, test } from 'vitest'
import { hear } from './following'

const KEY = ['checkout', '1']

/** A read whose answer arrives when `arrive` is called. */
function reading(queries: QueryClient) {
  let arrive: (document: string) => void = () => undefined
  const answer = new Promise<string>((resolve) => (arrive = resolve))
  const read = queries.fetchQuery({ queryKey: KEY, queryFn: () => answer }).catch(() => undefined)
  return { arrive, read }
}

test('an answer that was asked for before a change and arrives after it does not undo the change', async () => {
  const queries = new QueryClient()
  const { arrive, read } = reading(queries)
  hear(queries, KEY, () => 'with a code')
  arrive('without a code')
  await read
  expect(queries.getQueryData(KEY)).toBe('with a code')
})

test('the same holds for a document that is read again', async () => {
  const queries = new QueryClient()
  queries.setQueryData(KEY, 'first')
  const { arrive, read } = reading(queries)
  hear<string>(queries, KEY, (known) => `${known}, then another`)
  arrive('first')
  await read
  expect(queries.getQueryData(KEY)).toBe('first, then another')
})
