/** What the name of a message says: `catalog.reserve_stock.v1`. */

/** The service that the message belongs to. */
export function serviceOf(topic: string): string {
  return topic.split('.')[0] ?? ''
}

/** The message's own name, as the code writes it: `ReserveStock`. */
export function messageName(topic: string): string {
  const name = topic.split('.')[1] ?? topic
  return name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
}

const SERVICES = ['orders', 'users', 'catalog', 'marketing', 'payments']

/** The services that take part, the saga's own first, the others always in the same order. */
export function lanesOf(name: string, topics: string[]): string[] {
  const own = serviceOf(name)
  const others = new Set(topics.map(serviceOf))
  return [own, ...SERVICES.filter((service) => service !== own && others.has(service))]
}
