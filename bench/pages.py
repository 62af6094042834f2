"""How fast pages appear and answer in a browser whose processor is slowed down: python -m bench.pages

Each page is visited with an empty cache, three times; the medians are shown. LCP: when the largest part of the
page was drawn; CLS: how much moved after it was drawn; INP: the slowest answer to a key or tap of a visit
(https://web.dev/articles/vitals). Needs the built pages and starts a system of its own, with a day of trade.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from local import web
from tests.browser.pages import PAGES, addresses
from tests.browser.trade import Trade, trading
from tests.browser.visitor import Visitor

SLOWED = 4  # times
VISITS = 3
FOLDS = "main summary, main [aria-pressed=false]"
TEXTS = "main input:is([type=text], [type=search], :not([type])), main textarea"
BARS = {"lcp": 1500, "cls": 0.05, "inp": 200}
OBSERVED = """
window.vitals = {lcp: 0, cls: 0, inp: 0}
new PerformanceObserver(list => { for (const each of list.getEntries()) vitals.lcp = each.startTime })
    .observe({type: 'largest-contentful-paint', buffered: true})
new PerformanceObserver(list => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) vitals.cls += each.value
}).observe({type: 'layout-shift', buffered: true})
new PerformanceObserver(list => {
    for (const each of list.getEntries()) if (each.interactionId) vitals.inp = Math.max(vitals.inp, each.duration)
}).observe({type: 'event', durationThreshold: 16, buffered: true})
"""


@dataclass(frozen=True)
class Vitals:
    """Medians of a page: milliseconds, and the share of the window that moved."""

    page: str
    lcp: float
    cls: float
    inp: float

    def is_within(self) -> bool:
        """Whether all are within the bars."""
        return all(getattr(self, name) <= bar for name, bar in BARS.items())


def measured(browser: Browser, trade: Trade, name: str) -> Vitals:
    """The medians of some visits to a page."""
    visits = [_visited(browser, trade, name) for _ in range(VISITS)]
    return Vitals(name, *(round(median(visit[each] for visit in visits), 3) for each in BARS))


def _visited(browser: Browser, trade: Trade, name: str) -> dict[str, float]:
    visitor = Visitor.arriving(browser, trade.url, PAGES[name].device, "zh-CN", "light")
    if person := trade.person_of(PAGES[name].role):
        # the cache of this profile then has the frame of the app, but not the page
        visitor.signs_in(person, "/nothing-here")
    visitor.context.new_cdp_session(visitor.page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    visitor.page.add_init_script(OBSERVED)
    visitor.visits(addresses(trade)[name])
    found = _answering(visitor.page)
    visitor.leave()
    return found


def _answering(page: Page) -> dict[str, float]:
    """Walk through the page by keyboard, open a fold, write into a field, scroll; and read what was observed."""
    for _ in range(6):
        page.keyboard.press("Tab")
    for fold in page.locator(FOLDS).filter(visible=True).all()[:1]:
        fold.click()
    for text in page.locator(TEXTS).filter(visible=True).all()[:1]:
        text.press_sequentially("abc", timeout=5000)
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(500)
    return dict(page.evaluate("vitals"))


def main() -> None:
    """Print the table; a page over a bar is marked. With a file name, write the figures to it as JSON."""
    with trading() as (trade, browser):
        sizes = json.loads((web.BUILT / "sizes.json").read_text())
        found = [measured(browser, trade, name) for name in PAGES]
    print("| page | JavaScript, kB | LCP, ms | CLS | INP, ms | |\n|---|---|---|---|---|---|")
    for each in found:
        size = sizes[PAGES[each.page].app].get(PAGES[each.page].file, 0) / 1000
        mark = "" if each.is_within() else "over"
        print(f"| {each.page} | {size:.0f} | {each.lcp:.0f} | {each.cls:.3f} | {each.inp:.0f} | {mark} |")
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(json.dumps([asdict(each) for each in found], indent=1))


if __name__ == "__main__":
    main()
