import type { Component } from 'vue'

/** A place in the navigation of a desk. */
export interface Place {
  /** The name of its route. */
  to: string
  /** The name of its word. */
  word: string
  icon: Component
  /** How many things wait there; none is shown for 0. */
  count?: number
  /** What it counts, for screen readers. */
  counted?: string
}
