/** How long something lasts or has waited, in words. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** In its largest unit, rounded down: `3小时`, `2 days`. Less than a minute counts as one. */
export function formatSpan(milliseconds: number, language: string): string {
  const [unit, length] =
    milliseconds < HOUR ? (['minute', MINUTE] as const) : milliseconds < 2 * DAY ? (['hour', HOUR] as const) : (['day', DAY] as const)
  const value = Math.max(1, Math.floor(milliseconds / length))
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}
