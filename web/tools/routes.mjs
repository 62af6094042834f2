// Writes the addresses of an app's pages for the server, which answers 404 for all others, and for each of them the
// scripts of its first load in both languages: the server names them in the HTML, so that they are not waited for in turn.
import { readFile, writeFile } from 'node:fs/promises'
import { chunksOf, entryOf, LANGUAGES, wordsOf } from './chunks.mjs'

const ROUTE = /\bpath: '([^']+)'.*?\bcomponent: (?:\(\) => import\('\.\/pages\/)?(\w+).*/g
const WORDS = /\bwords: \[([^\]]*)\]/
const ALWAYS = ['frame', 'desk', 'common']

export async function writeRoutes(app) {
  const source = await readFile(`${app}/src/routes.ts`, 'utf8')
  const manifest = JSON.parse(await readFile(`dist/${app}/.vite/manifest.json`, 'utf8'))
  const pages = [...source.matchAll(ROUTE)].filter(([, path]) => !path.includes('(.*)'))
  const found = pages.map(([line, path, page]) => [path, scriptsOf(manifest, page, WORDS.exec(line)?.[1] ?? '')])
  await writeFile(`dist/${app}/routes.json`, JSON.stringify(Object.fromEntries(found)))
}

/** By language, without those that the HTML names anyhow. */
function scriptsOf(manifest, page, areas) {
  const named = chunksOf(manifest, [entryOf(manifest)])
  const wanted = [...ALWAYS, ...(areas.match(/\w+/g) ?? [])]
  return Object.fromEntries(LANGUAGES.map((language) => {
    const words = wanted.flatMap((area) => wordsOf(manifest, area, language))
    const files = chunksOf(manifest, [`src/pages/${page}.vue`, ...words])
    return [language, [...files].filter((file) => file.endsWith('.js') && !named.has(file))]
  }))
}
