/** What the palette finds: places, actions, and things by their numbers. */

import type { Component } from 'vue'

export interface Entry {
  group: string
  label: string
  icon: Component
  hint?: string
  /** More words by which it is found. */
  also?: string
  go: () => void
}

/** Entries with all words of the text in their label or other words; all entries for an empty text. Starts of words come first. */
export function matching(entries: Entry[], text: string): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = entries.filter((entry) => words.every((word) => textOf(entry).includes(word)))
  const starts = (entry: Entry) => (words[0] && textOf(entry).startsWith(words[0]) ? 0 : 1)
  return words.length ? [...found].sort((a, b) => starts(a) - starts(b)) : found
}

/** Entries by group, in the order in which the groups first occur. */
export function grouped(entries: Entry[]): [string, Entry[]][] {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry])
  return [...groups]
}

function textOf(entry: Entry): string {
  return `${entry.label} ${entry.hint ?? ''} ${entry.also ?? ''}`.toLowerCase()
}
