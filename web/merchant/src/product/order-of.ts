/** Moving one thing in a list to another place. */

export function movedTo<Thing>(list: Thing[], from: number, to: number): Thing[] {
  const left = list.filter((_, at) => at !== from)
  const thing = list[from]
  if (thing === undefined) return list
  const place = Math.max(0, Math.min(to, left.length))
  return [...left.slice(0, place), thing, ...left.slice(place)]
}
