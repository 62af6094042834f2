/** The names of what the overview shows. */

import { useI18n } from 'vue-i18n'

/** An area of invariants: 库存 */
export function useAreaName() {
  const { t, te } = useI18n()
  return (area: string) => (te(`overview.areas.${area}`) ? t(`overview.areas.${area}`) : area)
}

/** A kind of saga: 结算 */
export function useSagaName() {
  const { t, te } = useI18n()
  return (name: string) => (te(`overview.sagas.${name.replace('.', '_')}`) ? t(`overview.sagas.${name.replace('.', '_')}`) : name)
}
