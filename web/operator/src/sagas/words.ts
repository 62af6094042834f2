/** The words of sagas: their names, steps, and why something happened. Names that are not known are shown as they are. */

import { useI18n } from 'vue-i18n'

export function useSagaWords() {
  const { t, te } = useI18n()
  const known = (key: string, fallback: string) => (te(key) ? t(key) : fallback)
  return {
    /** What the saga is for: 结算 */
    saga: (name: string) => known(`sagas.names.${name.replace('.', '_')}`, name),
    /** What a step does: 预占库存 */
    step: (name: string | null | undefined) => (name ? known(`sagas.steps.${name}`, name) : ''),
    /** What its undo does: 释放库存 */
    undo: (name: string | null | undefined) => (name ? known(`sagas.undos.${name}`, name) : ''),
    reason: (code: string | null | undefined) => (code ? known(`sagas.reasons.${code}`, code) : ''),
    status: (status: string) => t(`sagas.status.${status}`),
  }
}
