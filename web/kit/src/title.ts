import { watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'

/** The title of the page in the browser's tab, with the name of the app (words `title` and `frame.name`). */
export function useTitle(title: () => string | undefined): void {
  const { t } = useI18n()
  watchEffect(() => {
    const words = title()
    document.title = words ? t('title', { page: words }) : t('frame.name')
  })
}
