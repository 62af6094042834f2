/** Where things stand in a chart: round steps for amounts, even places for days. */

/** Round values from 0 up to at least the highest, at most five of them; minor units of money are shown in whole ones. */
export function ticksUpTo(highest: number, unit = 100): number[] {
  const most = Math.max(highest, unit)
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 10 * power
  const whole = Math.max(step, unit)
  return Array.from({ length: Math.ceil(most / whole) + 1 }, (_, at) => at * whole)
}

export interface Band {
  /** Its left edge, and its width without the gap. */
  x: number
  width: number
}

/** Even places from `left` to `right` for so many bars, with a gap of about a fifth between them. */
export function bands(count: number, left: number, right: number): Band[] {
  const step = (right - left) / Math.max(count, 1)
  const gap = Math.max(1, Math.min(8, step / 5))
  return Array.from({ length: count }, (_, at) => ({ x: left + at * step + gap / 2, width: Math.max(1, step - gap) }))
}

/** Where a value stands between `bottom` (zero) and `top` (the highest tick). */
export function heightAt(value: number, highest: number, bottom: number, top: number): number {
  return bottom - (Math.max(0, value) / highest) * (bottom - top)
}

/** Which of so many labels are shown, so that at most `most` are, among them the last. */
export function shownLabels(count: number, most: number): number[] {
  const step = Math.ceil(count / Math.max(most, 1))
  return Array.from({ length: count }, (_, at) => at).filter((at) => (count - 1 - at) % step === 0)
}
