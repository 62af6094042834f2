import { expect, test } from 'vitest'
import english from '../words/help/en.json'
import { TOPIC_NAMES, TOPICS, topicOf } from './topics'

test('every part of every article has its words', () => {
  for (const topic of TOPIC_NAMES) expect(Object.keys(english.help.topics[topic].part)).toEqual([...TOPICS[topic]])
})

test('an unknown article is none', () => {
  expect([topicOf('refunds'), topicOf('toString'), topicOf(undefined)]).toEqual(['refunds', undefined, undefined])
})
