/** What the palette can begin. */

import { FileUp, Plus, Ticket } from '@lucide/vue'
import type { Component } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

interface Action {
  word: string
  icon: Component
  to: RouteLocationRaw
}

export const ACTIONS: Action[] = [
  { word: 'find.new_product', icon: Plus, to: { name: 'new-product' } },
  { word: 'find.new_coupon', icon: Ticket, to: { name: 'new-coupon' } },
  { word: 'find.import', icon: FileUp, to: { name: 'imports' } },
]
