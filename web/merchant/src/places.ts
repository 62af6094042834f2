/** The places of the desk, in the order of the navigation; a phone shows the first five as tabs. */

import type { Place } from '@jishi/kit/desk'
import { ClipboardList, Package, Sun, Undo2 } from '@lucide/vue'

export const PLACES: Place[] = [
  { to: 'today', word: 'places.today', icon: Sun },
  { to: 'orders', word: 'places.orders', icon: ClipboardList },
  { to: 'refunds', word: 'places.refunds', icon: Undo2 },
]
void Package
