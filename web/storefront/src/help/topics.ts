/** The articles of the help, and their parts; the words are in `words/help`. */

export const TOPICS = {
  buying: ['find', 'options', 'cart', 'price', 'stock'],
  paying: ['ways', 'time', 'wrong', 'cash'],
  delivery: ['steps', 'parcels', 'fee', 'receive'],
  refunds: ['when', 'amount', 'fee', 'rest', 'where'],
  coupons: ['claim', 'use', 'back'],
  account: ['sign', 'password', 'twice', 'mail'],
  privacy: ['what', 'browser', 'erase', 'rest'],
} as const
export type Topic = keyof typeof TOPICS
export const TOPIC_NAMES = Object.keys(TOPICS) as Topic[]

export function topicOf(asked: unknown): Topic | undefined {
  return TOPIC_NAMES.find((topic) => topic === asked)
}
