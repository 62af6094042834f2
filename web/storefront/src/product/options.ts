/** The choice of a SKU by its options: which values there are, which of them can be had with the rest of the choice. */

import type { Sku } from '@jishi/client'

export type Choice = readonly (string | undefined)[]

/** A value of an option, beside the present choice of the other options. */
export interface Value {
  text: string
  /** There is a SKU with this value and the rest of the choice. */
  exists: boolean
  /** And it is in stock. */
  available: boolean
}

/** The values of the option at this place, in the order in which the SKUs have them. */
export function valuesOf(skus: readonly Sku[], at: number, choice: Choice): Value[] {
  const texts = [...new Set(skus.map((sku) => sku.option_values[at] ?? ''))]
  return texts.map((text) => {
    const fitting = skus.filter((sku) => fits(sku, choice.with(at, text)))
    return { text, exists: fitting.length > 0, available: fitting.some((sku) => sku.available > 0) }
  })
}

/** The SKU with exactly this choice; undefined until every option is chosen. */
export function skuOf(skus: readonly Sku[], choice: Choice): Sku | undefined {
  return choice.includes(undefined) ? undefined : skus.find((sku) => fits(sku, choice))
}

/** What is chosen when the page opens: the first SKU in stock, or the first one. */
export function firstChoice(skus: readonly Sku[]): Choice {
  return (skus.find((sku) => sku.available > 0) ?? skus[0])?.option_values ?? []
}

/** Another SKU with this value, for a combination that does not exist: as much of the choice as possible is kept. */
export function nearest(skus: readonly Sku[], at: number, text: string, choice: Choice): Choice {
  const having = skus.filter((sku) => sku.option_values[at] === text)
  const kept = (sku: Sku) =>
    sku.option_values.filter((value, other) => value === choice[other]).length + (sku.available > 0 ? 0.5 : 0)
  return having.toSorted((one, other) => kept(other) - kept(one))[0]?.option_values ?? choice
}

function fits(sku: Sku, choice: Choice): boolean {
  return choice.every((value, at) => value === undefined || sku.option_values[at] === value)
}
