import type { ProcessSettingsOfService } from '@jishi/client'
import { expect, test } from 'vitest'
import { settingsOf } from './settings'

const process = (name: string, settings: [string, string | null, 'environment' | 'file' | 'default'][]) =>
  ({ process: name, host: 'vm', started_at: '', service: null, settings: settings.map(([name, value, source]) => ({ name, value, source })) }) as ProcessSettingsOfService

const PROCESSES = [
  process('orders', [['PAY_WITHIN', '1800', 'default'], ['DATABASE_URL', null, 'environment']]),
  process('orders-relay', [['PAY_WITHIN', '1800', 'default']]),
  process('payments', [['PAY_WITHIN', '900', 'environment']]),
]

test('a setting that differs between processes shows each value with its processes', () => {
  expect(settingsOf(PROCESSES)).toEqual([
    { name: 'DATABASE_URL', values: [{ value: null, source: 'environment', processes: ['orders'] }] },
    {
      name: 'PAY_WITHIN',
      values: [
        { value: '1800', source: 'default', processes: ['orders', 'orders-relay'] },
        { value: '900', source: 'environment', processes: ['payments'] },
      ],
    },
  ])
})

test('several instances of a process are named once', () => {
  const twice = [process('gateway', [['A', '1', 'default']]), process('gateway', [['A', '1', 'default']])]
  expect(settingsOf(twice)[0]?.values[0]?.processes).toEqual(['gateway'])
})

test('a search finds names and values', () => {
  expect(settingsOf(PROCESSES, 'pay').map((row) => row.name)).toEqual(['PAY_WITHIN'])
  expect(settingsOf(PROCESSES, '900').map((row) => row.name)).toEqual(['PAY_WITHIN'])
  expect(settingsOf(PROCESSES, 'pay database')).toEqual([])
})
