"""What somebody meets who has only a keyboard: which controls Tab reaches, and whether each shows its focus."""

from playwright.sync_api import Page

ENOUGH = 400  # controls of a page
# Of a group of radio buttons Tab reaches one, so the group counts as one control.
NUMBERED = """() => {
    const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]'
    const numbers = new Map()
    for (const each of document.querySelectorAll(controls)) {
        const visible = each.checkVisibility({visibilityProperty: true}) && !each.closest('[inert]')
        if (each.tabIndex < 0 || each.disabled || !visible) continue
        const control = each.type === 'radio' ? 'radio ' + each.name : each
        if (!numbers.has(control)) numbers.set(control, numbers.size)
        each.dataset.control = numbers.get(control)
    }
    return numbers.size
}"""
# The focus is shown by the control, or by what stands for it: its label, its frame, the text beside it.
FOCUSED = """() => {
    const at = document.activeElement
    if (!at || at === document.body) return null
    const isMarked = each => {
        const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(each)
        return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 || boxShadow !== 'none'
    }
    const inPlaces = [at, at.nextElementSibling, at.parentElement, at.closest('label'), at.closest('form')]
    const box = at.getBoundingClientRect()
    return {
        control: at.dataset.control ?? null,
        name: at.outerHTML.slice(0, 90),
        shown: inPlaces.some(each => each && isMarked(each)),
        inside: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
    }
}"""
NAMES = "controls => controls.map(n => document.querySelector(`[data-control='${n}']`)?.outerHTML.slice(0, 90))"


def walked(page: Page) -> list[str]:
    """Press Tab until it is back where it began; what is wrong, a line for each control."""
    left, wrong, last = {str(number) for number in range(page.evaluate(NUMBERED))}, [], None
    for _ in range(ENOUGH):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None or at["control"] == last:
            continue  # the end of the page, or the next part of a date
        last = at["control"]
        if last is not None and last not in left:
            break
        left.discard(last)
        wrong += [] if at["shown"] else [f"{at['name']}: shows no focus"]
        wrong += [] if at["inside"] else [f"{at['name']}: is not in the window"]
    return [*wrong, *(f"{name}: is not reached by Tab" for name in page.evaluate(NAMES, sorted(left)) if name)]
