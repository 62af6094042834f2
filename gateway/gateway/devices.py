"""What a device says of itself in User-Agent, shortened to a browser and a system: no version, no model."""

from starlette.requests import Request

from gateway.route import Json
from shared.contracts.users.views import Browser, System

LONGEST = 1000  # characters that are read
# In the order in which they are looked for: most browsers name those that they imitate, too.
BROWSERS = {
    "micromessenger/": Browser.WECHAT,
    "qq/": Browser.QQ,
    "qqbrowser/": Browser.QQ,
    "huaweibrowser/": Browser.HUAWEI,
    "samsungbrowser/": Browser.SAMSUNG,
    "ucbrowser/": Browser.UC,
    "edg/": Browser.EDGE,
    "edga/": Browser.EDGE,
    "edgios/": Browser.EDGE,
    "opr/": Browser.OPERA,
    "firefox/": Browser.FIREFOX,
    "fxios/": Browser.FIREFOX,
    "chrome/": Browser.CHROME,
    "crios/": Browser.CHROME,
    "safari/": Browser.SAFARI,
}
SYSTEMS = {
    "harmonyos": System.HARMONYOS,
    "openharmony": System.HARMONYOS,
    "android": System.ANDROID,
    "iphone": System.IOS,
    "ipad": System.IOS,
    "ipod": System.IOS,
    "windows nt": System.WINDOWS,
    "mac os x": System.MACOS,
    "linux": System.LINUX,
}


def of(request: Request) -> Json | None:
    """The browser and system that sent the request; None if it does not say."""
    said = request.headers.get("user-agent", "")[:LONGEST].lower()
    if not said:
        return None
    browser = next((found for mark, found in BROWSERS.items() if mark in said), Browser.OTHER)
    system = next((found for mark, found in SYSTEMS.items() if mark in said), System.OTHER)
    return {"browser": browser.value, "system": system.value}
