// What the manifest of a built app says: which files belong to a page, and to the words of an area.

export const LANGUAGES = ['zh-CN', 'en']

export const entryOf = (manifest) => Object.keys(manifest).find((name) => manifest[name].isEntry)

/** The names of the chunks with an area's words in a language: none, if the app does not have the area. */
export const wordsOf = (manifest, area, language) => Object.keys(manifest).filter((name) => name.endsWith(`/words/${area}/${language}.json`))

/** The files of chunks with all that they import at once. */
export function chunksOf(manifest, names) {
  const files = new Set()
  const add = (name) => {
    const chunk = manifest[name]
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    for (const imported of chunk.imports ?? []) add(imported)
  }
  names.forEach(add)
  return files
}
