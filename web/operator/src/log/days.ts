/** The days of the log's filter as the moments that the API is asked for. */

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Both days included, in the time zone of the one who looks; what is not a day is left out. */
export function daysAsked(from: string, to: string): { since?: string; until?: string } {
  const begin = startOf(from)
  const end = startOf(to, 1)
  return { ...(begin ? { since: begin } : {}), ...(end ? { until: end } : {}) }
}

function startOf(day: string, later = 0): string | undefined {
  if (!DAY.test(day)) return undefined
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).toISOString()
}
