/** The official division list (GB/T 2260), read when an address is edited: provinces, cities, districts. */

export interface Division {
  code: string
  name: string
  pinyin: string
}

/** Rows that are no cities, but group what a province governs directly. */
const GROUPS = new Set(['县', '省直辖县', '自治区直辖县级行政区划'])
const WHOLE = '000000'

export class Divisions {
  private readonly children = new Map<string, Division[]>()
  private readonly codes = new Map<string, Division>()

  constructor(table: string) {
    for (const row of table.split('\n')) {
      const [code, name, pinyin] = row.split('\t')
      if (code && name) this.add({ code, name, pinyin: pinyin ?? '' })
    }
  }

  provinces(): readonly Division[] {
    return this.below(WHOLE)
  }

  /** What a province or city consists of. */
  below(code: string): readonly Division[] {
    return this.children.get(code) ?? []
  }

  /** The province, city and district that a code is in; the later ones are undefined for a code of a higher level. */
  path(code: string): (Division | undefined)[] {
    const city = this.codes.get(`${code.slice(0, 4)}00`)
    return [
      this.codes.get(`${code.slice(0, 2)}0000`),
      code.endsWith('0000') ? undefined : city,
      code.endsWith('00') ? undefined : this.codes.get(code),
    ]
  }

  private add(division: Division): void {
    this.codes.set(division.code, division)
    const parent = parentOf(division.code)
    this.children.set(parent, [...(this.children.get(parent) ?? []), division])
  }
}

/** Whether it is a row of the list that nobody writes into an address. */
export function isGroup(division: Division): boolean {
  return GROUPS.has(division.name)
}

/** The name as it is read: readers of English get the pinyin before it. */
export function nameOf({ name, pinyin }: Division, language: string): string {
  return language === 'en' && pinyin ? `${pinyin.slice(0, 1).toUpperCase()}${pinyin.slice(1)} ${name}` : name
}

export async function readDivisions(): Promise<Divisions> {
  const { default: table } = await import('./divisions.tsv?raw')
  return new Divisions(table)
}

function parentOf(code: string): string {
  if (code.endsWith('0000')) return WHOLE
  return code.endsWith('00') ? `${code.slice(0, 2)}0000` : `${code.slice(0, 4)}00`
}
