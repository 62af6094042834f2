/** The places of the desk, in the order of the navigation; a phone shows the first five as tabs. */

import type { Place } from '@jishi/kit/desk'
import { CircleHelp, ClipboardList, FileUp, Package, Store, Sun, Ticket, Undo2, Warehouse } from '@lucide/vue'

export const PLACES: Place[] = [
  { to: 'today', word: 'places.today', icon: Sun },
  { to: 'orders', word: 'places.orders', icon: ClipboardList },
  { to: 'products', word: 'places.products', icon: Package },
  { to: 'refunds', word: 'places.refunds', icon: Undo2 },
  { to: 'stock', word: 'places.stock', icon: Warehouse },
  { to: 'coupons', word: 'places.coupons', icon: Ticket },
  { to: 'imports', word: 'places.imports', icon: FileUp },
  { to: 'shop', word: 'places.shop', icon: Store },
  { to: 'help', word: 'places.help', icon: CircleHelp },
]
