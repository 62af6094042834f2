// Writes the addresses of an app's pages for the server, which answers 404 for all others.
import { readFile, writeFile } from 'node:fs/promises'

const PATH = /\bpath: '([^']+)'/g

export async function writeRoutes(app) {
  const source = await readFile(`${app}/src/routes.ts`, 'utf8')
  const paths = [...source.matchAll(PATH)].map(([, path]) => path).filter((path) => !path.includes('(.*)'))
  await writeFile(`dist/${app}/routes.json`, JSON.stringify(paths))
}
