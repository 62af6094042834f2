/** A panel over the page: it takes the focus, keeps it while it is open, and gives it back. */

import { type Ref, watch } from 'vue'

const FOCUSABLE = 'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled])'

export function useModal(panel: Ref<HTMLElement | null>, isOpen: Ref<boolean>) {
  let before: Element | null = null

  watch(
    isOpen,
    (open) => {
      if (open) {
        before = document.activeElement
        panel.value?.focus()
      } else if (before instanceof HTMLElement && before.isConnected) before.focus()
    },
    { flush: 'post' },
  )

  /** From the last control to the first, and the other way round. */
  function keep(event: KeyboardEvent): void {
    const controls = [...(panel.value?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].filter((each) => each.offsetParent)
    const [first, last] = [controls[0], controls.at(-1)]
    const here = document.activeElement
    const next = event.shiftKey ? (here === first || here === panel.value ? last : undefined) : here === last ? first : undefined
    if (!isOpen.value || !next) return
    event.preventDefault()
    next.focus()
  }
  return { keep }
}
