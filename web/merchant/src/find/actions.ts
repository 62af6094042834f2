/** What the palette can begin. */

import type { Component } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

interface Action {
  word: string
  icon: Component
  to: RouteLocationRaw
}

export const ACTIONS: Action[] = []
