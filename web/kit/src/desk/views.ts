import type { RouteLocationRaw } from 'vue-router'

/** A view of a list. */
export interface View {
  to: RouteLocationRaw
  label: string
  isCurrent: boolean
  count?: number
  /** A line parts it from the one before. */
  isApart?: boolean
}
