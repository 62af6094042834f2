import { expect, test } from 'vitest'
import { legOf, postingsOf, sumsOf } from './postings'

const entry = (posting: string, posted_at: string, account: string, amount: number) => ({ posting, posted_at, account, amount: { amount, currency: 'CNY' }, order_id: null })

test('entries of one posting stand together, debits above credits', () => {
  const postings = postingsOf([
    entry('captured', 't1', 'merchant_payable:shop-a', -15890),
    entry('captured', 't1', 'provider_clearing:wechat', 23690),
    entry('captured', 't1', 'merchant_payable:shop-b', -7800),
    entry('refund_requested', 't2', 'merchant_payable:shop-a', 5800),
    entry('refund_requested', 't2', 'refunds_in_transit:wechat', -5800),
  ])
  expect(postings.map((posting) => [posting.kind, posting.legs.map((leg) => `${leg.account} ${leg.of} ${leg.debit} ${leg.credit}`)])).toEqual([
    ['captured', ['provider_clearing wechat 23690 0', 'merchant_payable shop-a 0 15890', 'merchant_payable shop-b 0 7800']],
    ['refund_requested', ['merchant_payable shop-a 5800 0', 'refunds_in_transit wechat 0 5800']],
  ])
})

test('two postings of one moment are two', () => {
  expect(postingsOf([entry('captured', 't', 'a', 1), entry('unapplied_captured', 't', 'a', 1)])).toHaveLength(2)
})

test('the sums of both sides', () => {
  expect(sumsOf([legOf({ account: 'bank', amount: { amount: 5 } }), legOf({ account: 'losses', amount: { amount: -7 } })])).toEqual({ debit: 5, credit: 7 })
})
