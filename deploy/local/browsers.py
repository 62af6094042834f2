"""Chromium of the operating system, with fonts for Chinese, installed when missing."""

from pathlib import Path

from local import packages

# As root it needs --no-sandbox; the others keep it from talking to hosts on the internet.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> Path:
    """The path of Chromium. Raises CannotInstall."""
    found = packages.find("chromium")
    if found is None:
        packages.install("chromium", "fonts-noto-cjk")
        found = packages.find("chromium")
    if found is None:
        raise packages.CannotInstall("chromium is installed, but was not found")
    return found
