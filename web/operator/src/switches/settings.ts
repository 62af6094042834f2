/** The settings of all processes, by name: most processes have the same value, and differences stand out. */

import type { ProcessSettingsOfService } from '@jishi/client'

type Source = ProcessSettingsOfService['settings'][number]['source']

export interface SettingValue {
  /** Null for a confidential setting: that it is set is all that is shown. */
  value: string | null
  source: Source
  processes: string[]
}

export interface SettingRow {
  name: string
  values: SettingValue[]
}

/** Rows by name, each with its values, the most frequent first; only those with the words of a search in name or value. */
export function settingsOf(processes: ProcessSettingsOfService[], search = ''): SettingRow[] {
  const rows = new Map<string, Map<string, SettingValue>>()
  for (const { process, settings } of processes)
    for (const { name, value, source } of settings) {
      const values = rows.get(name) ?? new Map<string, SettingValue>()
      const key = `${source} ${value}`
      const known = values.get(key) ?? { value, source, processes: [] }
      if (!known.processes.includes(process)) known.processes.push(process)
      rows.set(name, values.set(key, known))
    }
  return [...rows]
    .map(([name, values]) => ({ name, values: [...values.values()].sort((a, b) => b.processes.length - a.processes.length) }))
    .filter((row) => hasWords(row, search))
    .sort((a, b) => a.name.localeCompare(b.name))
}

function hasWords(row: SettingRow, search: string): boolean {
  const text = [row.name, ...row.values.map((each) => each.value ?? '')].join(' ').toLowerCase()
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}
