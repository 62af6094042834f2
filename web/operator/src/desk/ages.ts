/** Lengths of time as people say them: `13 小时 20 分钟`, `4 min 12 sec`, `0.4 秒`. */

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** The two largest units of a length in seconds; below ten seconds with one decimal place, below one in milliseconds. */
export function ageWords(seconds: number, language: string): string {
  const length = Math.max(0, seconds)
  if (length < 1) return unit(Math.round(length * 1000), 'millisecond', language)
  if (length < 10) return unit(Math.round(length * 10) / 10, 'second', language)
  const whole = Math.round(length)
  const first = UNITS.findIndex(([, size]) => whole >= size)
  const [name, size] = UNITS[first] ?? ['second', 1]
  const next = UNITS[first + 1]
  const rest = next ? Math.floor((whole % size) / next[1]) : 0
  const words = [unit(Math.floor(whole / size), name, language)]
  if (next && rest) words.push(unit(rest, next[0], language))
  return language === 'en' ? words.join(' ') : words.join('').replace(/分钟(?=.)/, '分')
}

/** The seconds between two times; until now without an end. */
export function secondsBetween(from: string | Date, to: string | Date = new Date()): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1000
}

const formats = new Map<string, Intl.NumberFormat>()

function unit(amount: number, name: string, language: string): string {
  const key = `${language} ${name}`
  const display = language === 'en' ? 'short' : 'long'
  const known = formats.get(key) ?? new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: display })
  formats.set(key, known)
  return known.format(amount).replace('秒钟', '秒').replace(/(\d)(?=\p{Script=Han})/gu, '$1\u00a0')
}
