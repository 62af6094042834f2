// How much script the first load of each page takes, gzipped: the app's entry, the page, and words in one language.
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { chunksOf, entryOf, LANGUAGES } from './chunks.mjs'

const BUDGETS = { storefront: 110, merchant: 250, operator: 250 } // kB of gzipped JavaScript

/** Writes dist/sizes.json, and fails if a page of an app is over its budget. */
export async function check(apps) {
  const sizes = Object.fromEntries(await Promise.all(apps.map(async (app) => [app, await pages(app)])))
  await writeFile('dist/sizes.json', JSON.stringify(sizes, null, 2))
  const over = apps.flatMap((app) => Object.entries(sizes[app]).filter(([, size]) => size > BUDGETS[app] * 1000).map(([page, size]) => `${app} ${page}: ${size}`))
  if (over.length) throw new Error(`over the budget of JavaScript, in bytes:\n${over.join('\n')}`)
}

async function pages(app) {
  const file = `dist/${app}/.vite/manifest.json`
  const manifest = JSON.parse(await readFile(file, 'utf8'))
  const chunks = Object.keys(manifest)
  const words = await mostWords(app, manifest)
  const found = {}
  for (const page of chunks.filter((name) => /src\/pages\/\w+\.vue$/.test(name))) {
    found[page.replace(/.*\/|Page\.vue$/g, '')] = words + (await sizeOf(app, manifest, [entryOf(manifest), page]))
  }
  await rm(`dist/${app}/.vite`, { recursive: true })
  return found
}

/** The size of chunks with all that they import at once. */
async function sizeOf(app, manifest, names) {
  const scripts = [...chunksOf(manifest, names)].filter((each) => each.endsWith('.js'))
  const sizes = await Promise.all(scripts.map((each) => gzipped(`dist/${app}/${each}`)))
  return sizes.reduce((sum, each) => sum + each, 0)
}

/** The size of the words that a page takes at most: those of the frame, and the largest two areas. */
async function mostWords(app, manifest) {
  const sums = await Promise.all(LANGUAGES.map(async (language) => {
    const areas = Object.keys(manifest).filter((name) => name.endsWith(`/${language}.json`))
    const sizes = await Promise.all(areas.map((name) => gzipped(`dist/${app}/${manifest[name].file}`)))
    return sizes.sort((a, b) => b - a).slice(0, 3).reduce((sum, each) => sum + each, 0)
  }))
  return Math.max(...sums)
}

async function gzipped(path) {
  const form = await stat(`${path}.gz`).catch(() => stat(path))
  return form.size
}
