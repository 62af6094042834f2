"""Pictures of the pages for the README: python -m tests.browser.screenshots [FOLDER]

Starts a system of its own with a day of trade. Pictures are WebP files of some dozens of kilobytes.
"""

import base64
import sys
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.pages import PAGES, addresses
from tests.browser.trade import trading
from tests.browser.visitor import Visitor

FOLDER = Path("docs") / "pictures"
QUALITY = 80
# The file's name: page, device, language, theme.
PICTURES = {
    "shop-zh": ("home", "phone", "zh-CN", "light"),
    "product-zh": ("product", "phone", "zh-CN", "light"),
    "checkout-zh": ("checkout", "phone", "zh-CN", "light"),
    "order-zh": ("order", "phone", "zh-CN", "dark"),
    "shop-en": ("home", "desk", "en", "light"),
    "merchant-zh": ("order of a shop", "desk", "zh-CN", "light"),
    "merchant-en": ("order of a shop", "desk", "en", "light"),
    "operator-zh": ("overview", "desk", "zh-CN", "light"),
    "operator-en": ("overview", "desk", "en", "dark"),
}


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with trading() as (trade, browser):
        trade.waits_for_audit()
        for name, (page, device, language, theme) in PICTURES.items():
            visitor = Visitor.arriving(browser, trade.url, device, language, theme)
            if person := trade.person_of(PAGES[page].role):
                visitor.signs_in(person)
            visitor.visits(addresses(trade)[page])
            (folder / f"{name}.webp").write_bytes(_picture(visitor.page))
            visitor.leave()


def _picture(page: Page) -> bytes:
    taken = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot", {"format": "webp", "quality": QUALITY}
    )
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    main()
