import i18n from '@intlify/eslint-plugin-vue-i18n'
import vue from 'eslint-plugin-vue'
import typescript from 'typescript-eslint'

export default typescript.config(
  { ignores: ['dist/', '**/generated/', '**/node_modules/'] },
  ...typescript.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
    plugins: { '@intlify/vue-i18n': i18n },
    settings: { 'vue-i18n': { localeDir: '*/src/words/*/*.json', messageSyntaxVersion: '^11.0.0' } },
    rules: {
      // Words belong into the files of words, in both languages.
      '@intlify/vue-i18n/no-raw-text': ['error', { ignorePattern: '^[\\s\\d/·:,.()×¥%–›↑↓⏎*←→-]+$' }],
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': ['error', { html: { void: 'always' } }],
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/require-default-prop': 'off',
      'vue/multiline-html-element-content-newline': 'off',
    },
  },
  { rules: { 'max-lines': ['error', 300], '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_' }] } },
)
