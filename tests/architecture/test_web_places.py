"""The division list of the web pages: the same as that of the services."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "web" / "storefront" / "src" / "addresses" / "divisions.tsv"
SERVICES = ROOT / "shared" / "shared" / "places" / "divisions.tsv"


def test_pages_offer_the_divisions_that_the_services_know():
    assert PAGES.read_bytes() == SERVICES.read_bytes()
