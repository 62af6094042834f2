/** Leaving a page with something unsaved: asked first, within the app and by the browser. */

import { useEventListener } from '@vueuse/core'
import { type Ref, ref } from 'vue'
import { onBeforeRouteLeave, useRouter } from 'vue-router'

export function useLeaving(isUnsaved: Ref<boolean>) {
  const router = useRouter()
  const wanted = ref<string>()
  let isDecided = false
  useEventListener(window, 'beforeunload', (event) => isUnsaved.value && event.preventDefault())
  onBeforeRouteLeave((to) => {
    if (!isUnsaved.value || isDecided) return true
    wanted.value = to.fullPath
    return false
  })
  return {
    isAsking: wanted,
    stay: () => (wanted.value = undefined),
    go: () => {
      isDecided = true
      void router.push(wanted.value ?? '/')
    },
  }
}
