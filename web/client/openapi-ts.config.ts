import { defineConfig } from '@hey-api/openapi-ts'

export default defineConfig({
  input: '../docs/contracts/openapi.json',
  output: { path: 'client/src/generated' },
  plugins: ['@hey-api/typescript', { name: '@hey-api/client-fetch', throwOnError: true }, '@hey-api/sdk'],
})
