/** The terms of a campaign as they are entered, checked and sent. */

import type { CreateCampaign } from '@jishi/client'
import { countOf, minorOf } from '../product/amounts'

export interface Terms {
  zh: string
  en: string
  threshold: string
  discount: string
  total: string
  each: string
  /** As the browser's field for dates and times has them, in local time. */
  starts: string
  ends: string
}

export type TermLack = 'threshold' | 'discount' | 'discount_high' | 'total' | 'each' | 'each_high' | 'starts' | 'ends' | 'ends_early'

export function lacksOf({ threshold, discount, total, each, starts, ends }: Terms): TermLack[] {
  const found: [TermLack, boolean][] = [
    ['threshold', !minorOf(threshold)],
    ['discount', !minorOf(discount)],
    ['discount_high', (minorOf(discount) ?? 0) > (minorOf(threshold) ?? Infinity)],
    ['total', !countOf(total)],
    ['each', !countOf(each)],
    ['each_high', (countOf(each) ?? 0) > (countOf(total) || Infinity)],
    ['starts', !starts],
    ['ends', !ends],
    ['ends_early', Boolean(starts && ends) && new Date(ends) <= new Date(starts)],
  ]
  return found.filter(([, isLacking]) => isLacking).map(([lack]) => lack)
}

/** What the API is told; names that were left empty say the terms. */
export function campaignOf(terms: Terms, shop_id: string): CreateCampaign {
  const money = (text: string) => ({ amount: minorOf(text) ?? 0, currency: 'CNY' })
  return {
    shop_id,
    name: { zh: terms.zh.trim() || `满${plain(terms.threshold)}减${plain(terms.discount)}`, en: terms.en.trim() || `¥${plain(terms.discount)} off ¥${plain(terms.threshold)}` },
    threshold: money(terms.threshold),
    discount: money(terms.discount),
    total_limit: countOf(terms.total) ?? 0,
    per_person_limit: countOf(terms.each) ?? 0,
    starts_at: new Date(terms.starts).toISOString(),
    ends_at: new Date(terms.ends).toISOString(),
  }
}

/** A time as the browser's field takes it. */
export function fieldOf(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function plain(text: string): string {
  return String((minorOf(text) ?? 0) / 100)
}
