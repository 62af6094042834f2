/** How an app of the workspace is built, and served with reload against the running system. */

import { fileURLToPath } from 'node:url'
import vueI18n from '@intlify/unplugin-vue-i18n/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const words = here('./*/src/words/**')
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:8000'

/** The configuration of the app in a folder, for the path that it is served under. */
export const appIn = (name: string, base: string) =>
  defineConfig({
    root: here(`./${name}`),
    base,
    plugins: [vue(), vueI18n({ include: words, runtimeOnly: true, compositionOnly: true, dropMessageCompiler: true })],
    define: { __VUE_OPTIONS_API__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
    build: { outDir: here(`./dist/${name}`), emptyOutDir: true, manifest: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    server: { proxy: { '/api': gateway, '/media': gateway, '/openapi.json': gateway, '/docs': gateway } },
  })
