"""A visitor of the pages: a browser profile on a device, in a language."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect

from local.web import PACKAGES

DEVICES = {
    "small phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "tablet": {"viewport": {"width": 768, "height": 1024}, "has_touch": True},
    "zoomed": {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2},  # a desk at 200 %
    "desk": {"viewport": {"width": 1440, "height": 900}},
}
PATIENCE = 15_000  # milliseconds; a deadline for a busy machine, not a pause
WAITING = ".bone, .sk, [aria-busy=true]"  # what stands where something is still being read
AXE = PACKAGES / "axe-core" / "axe.min.js"
# all answers of the API but who is signed in, without which no page begins
ANSWERS = re.compile(r"/api/v1/(?!browser-sessions|me$)")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = """rules => axe.run(document, {runOnly: rules}).then(found => found.violations.map(each =>
    `${each.id}: ${each.help} at ${each.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | ')}`))"""


@dataclass
class Visitor:
    """A person in front of a browser. Errors of scripts and refused resources are collected."""

    url: str
    context: BrowserContext
    page: Page
    language: str
    is_phone: bool
    errors: list[str] = field(default_factory=list)

    @classmethod
    def arriving(cls, browser: Browser, url: str, device: str, language: str, theme: str) -> "Visitor":
        context = browser.new_context(base_url=url, locale=language, color_scheme=theme, **DEVICES[device])
        context.set_default_timeout(PATIENCE)
        visitor = cls(url, context, context.new_page(), language, "phone" in device)
        visitor.watch(visitor.page)
        return visitor

    def watch(self, page: Page) -> None:
        """Collect what scripts of a page fail with; failed requests are the page's to handle."""
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._said)

    def _said(self, message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def opens(self, path: str) -> Page:
        """Go to an address and wait until the app has drawn its page."""
        self.page.goto(path)
        self.page.wait_for_selector("#app h1, #app h2")
        return self.page

    def visits(self, path: str) -> None:
        """Open an address, and wait until everything is there."""
        self.opens(path)
        self.settles()

    def settles(self) -> None:
        """Wait until everything that the page reads is there."""
        expect(self.page.locator(WAITING)).to_have_count(0, timeout=PATIENCE)
        self.page.wait_for_load_state("load")

    def meets(self, trouble: str) -> None:
        """From now on the API is down ("failing"), or does not answer ("waiting")."""
        failing = {"status": 503, "json": {"code": "service_unavailable", "status": 503}}
        self.page.route(ANSWERS, lambda route: route.fulfill(**failing) if trouble == "failing" else None)

    def another_tab(self) -> Page:
        """A second tab of the same browser."""
        page = self.context.new_page()
        self.watch(page)
        return page

    def violations(self) -> list[str]:
        """What axe finds on the page as it is."""
        self.page.evaluate(AXE.read_text())
        return self.page.evaluate(VIOLATIONS, RULES)

    def is_too_wide(self) -> bool:
        """Whether the page scrolls sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    def signs_in(self, person, path: str = "/") -> "Visitor":
        """Sign in without the form, as somebody who comes back later, and open an address."""
        given = {"email": person.email, "password": person.password}
        answer = self.context.request.post("/api/v1/browser-sessions", data=given)
        assert answer.ok, answer.text()
        self.page.goto("/robots.txt")  # any document of the origin
        self.page.evaluate("localStorage.setItem('signed_in', '1')")
        self.opens(path)
        return self

    def leave(self) -> None:
        """Close the browser; scripts that failed are a failure of the test."""
        self.context.close()
        assert self.errors == []
