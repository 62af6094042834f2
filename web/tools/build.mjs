// Builds the three apps, writes their addresses for the server, compresses the files, and checks how much script each page needs.
import { build } from 'vite'
import { compress } from './compress.mjs'
import { writeRoutes } from './routes.mjs'
import { check } from './sizes.mjs'

const APPS = ['storefront', 'merchant', 'operator']

for (const app of APPS) await build({ configFile: `${app}/vite.config.ts`, logLevel: 'warn' })
for (const app of APPS) await writeRoutes(app)
for (const app of APPS) await compress(`dist/${app}`)
await check(APPS)
