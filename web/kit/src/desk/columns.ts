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
