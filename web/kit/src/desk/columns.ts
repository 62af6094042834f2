/** The columns of a desk's table. */

import type { InjectionKey, Ref } from 'vue'

/** A column of a desk's table. */
export interface Column {
  /** Also the name of its slot. */
  name: string
  label: string
  /** Classes of its cells: `n` for numbers. */
  kind?: string
  /** Its label is for screen readers only. */
  isSilent?: boolean
  sort?: 'ascending' | 'descending'
}

/** How many columns a table has, for what is as wide as all of them. */
export const SPAN: InjectionKey<Ref<number>> = Symbol('span')
