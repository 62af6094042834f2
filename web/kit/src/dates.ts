/** Times as people say them: `今天 14:05`, `3 天前`, `today 14:05`; and exactly, for whoever wants to know. */

const DAY = 86_400_000
const WEEK = 7

/** `今天 14:05`, `昨天 09:12`, `3 天前`, `11 月 3 日 14:05`; with the year where it is another one. */
export function formatTime(time: string | Date, language: string, now = new Date()): string {
  const at = new Date(time)
  const days = daysBetween(now, at)
  if (Math.abs(days) <= 1) return `${dayWord(days, language)} ${clock(at, language)}`
  if (days < 0 && days > -WEEK) return spaced(relative(language, 'always').format(days, 'day'))
  return spaced(format(language, { ...dateParts(at, now), hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at))
}

/** The same without the time of day: `今天`, `明天`, `12 月 31 日`. */
export function formatDay(time: string | Date, language: string, now = new Date()): string {
  const at = new Date(time)
  const days = daysBetween(now, at)
  if (Math.abs(days) <= 1) return dayWord(days, language)
  return spaced(format(language, dateParts(at, now)).format(at))
}

/** To the second, with the zone: what a title says. */
export function exactTime(time: string | Date, language: string): string {
  return format(language, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(time))
}

/** Calendar days from one time to another: yesterday evening is one day ago, also at breakfast. */
function daysBetween(from: Date, to: Date): number {
  const midnight = (at: Date) => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate())
  return (midnight(to) - midnight(from)) / DAY
}

function dayWord(days: number, language: string): string {
  return relative(language, 'auto').format(days, 'day')
}

function clock(at: Date, language: string): string {
  return format(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

function dateParts(at: Date, now: Date): Intl.DateTimeFormatOptions {
  const isThisYear = at.getFullYear() === now.getFullYear()
  return { month: 'long', day: 'numeric', ...(isThisYear ? {} : { year: 'numeric' }) }
}

/** A no-break space between a number and a Chinese word. */
function spaced(text: string): string {
  return text.replace(/(\d)(?=\p{Script=Han})/gu, '$1\u00a0').replace(/(\p{Script=Han})(?=\d)/gu, '$1\u00a0')
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options)
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, options)
  formats.set(key, known)
  return known
}

const relatives = new Map<string, Intl.RelativeTimeFormat>()

function relative(language: string, numeric: 'auto' | 'always'): Intl.RelativeTimeFormat {
  const key = `${language} ${numeric}`
  const known = relatives.get(key) ?? new Intl.RelativeTimeFormat(language, { numeric })
  relatives.set(key, known)
  return known
}
