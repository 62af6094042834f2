/** Descriptions as plain text: an empty line parts paragraphs, lines that begin with `- ` are a list. */

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' }

/** The text of stored HTML; undefined if it has more than paragraphs, lists and line breaks, which text would lose. */
export function textOf(html: string): string | undefined {
  const blocks = [...html.matchAll(/\s*<(p|ul)>([\s\S]*?)<\/\1>\s*/g)]
  if (blocks.map(([whole]) => whole).join('') !== html) return undefined
  const texts = blocks.map(([, tag, inner = '']) => (tag === 'ul' ? listText(inner) : lineText(inner)))
  return texts.every((text) => text !== undefined) ? texts.join('\n\n') : undefined
}

/** The HTML of a text. */
export function htmlOf(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((block) => block.split('\n').map((line) => line.trim()).filter(Boolean))
    .filter((lines) => lines.length > 0)
    .map((lines) =>
      lines.every((line) => line.startsWith('- '))
        ? `<ul>${lines.map((line) => `<li>${escaped(line.slice(2))}</li>`).join('')}</ul>`
        : `<p>${lines.map(escaped).join('<br>')}</p>`,
    )
    .join('')
}

function listText(inner: string): string | undefined {
  const items = [...inner.matchAll(/\s*<li>([\s\S]*?)<\/li>\s*/g)]
  if (items.map(([whole]) => whole).join('') !== inner) return undefined
  const lines = items.map(([, item = '']) => (/<br/.test(item) ? undefined : lineText(item)))
  return lines.every((line) => line !== undefined) ? lines.map((line) => `- ${line}`).join('\n') : undefined
}

function lineText(inner: string): string | undefined {
  const text = inner.replace(/\s+/g, ' ').replace(/ ?<br ?\/?> ?/g, '\n').trim()
  if (/<[a-z/]/i.test(text)) return undefined
  return text.replace(/&([a-z]+|#39);/g, (whole, name: string) => NAMED[name] ?? whole)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
