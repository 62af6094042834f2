"""The storefront: its built files, and what its pages say without a script."""

import gzip
import json
import re
from dataclasses import replace

import pytest

from gateway.app import build
from gateway.changes import Changes
from gateway.memory import Memory
from gateway.tests.doubles import Client
from shared.contracts.catalog import ProductChanged
from shared.errors import NotFound, Unavailable
from shared.ids import new_id

SHELL = (
    '<!doctype html><html lang="zh-CN"><head><title>集市</title><!--head--></head>'
    '<body><div id="app"><!--content--></div><script type="module" src="/assets/app-1.js"></script></body></html>'
)
PRODUCT, SHOP, SKU = (str(new_id()) for _ in range(3))
GZIPPED = gzip.compress(b"plain")
HOSTILE = '</script><script>alert(1)</script>"&'


def product(**changed):
    sku = {"sku_id": SKU, "code": "POT-1", "price": {"amount": 46800, "currency": "CNY"}, "available": 3}
    about = {
        "product_id": PRODUCT,
        "shop_id": SHOP,
        "title": "紫泥西施壶",
        "description": "<p>周建平制</p>",
        "brand": "",
        "category": "茶器 > 紫砂壶",
        "pictures": [{"src": "/media/pot.svg", "alt": ""}],
        "price_from": {"amount": 46800, "currency": "CNY"},
        "shop": {"name": "丁山壶舍"},
        "skus": [sku],
    }
    return about | changed


def about_shop(**changed):
    about = {
        "name": "丁山壶舍",
        "name_en": "Dingshan Teapots",
        "description": {"zh": "", "en": ""},
        "opened_at": "2026-03-01T08:00:00+00:00",
    }
    return about | changed


@pytest.fixture
def web(tmp_path):
    """A built app: the shell, and a script in three forms."""
    folder = tmp_path / "web"
    app(folder / "storefront", SHELL, ["/", "/products/:productId", "/orders/:orderId"])
    app(folder / "merchant", SHELL.replace("/assets/", "/merchant/assets/"), ["/", "/orders/:orderId"])
    (folder / "storefront" / "seal.svg").write_text("<svg/>")
    for suffix, content in (("", b"plain"), (".br", b"br"), (".gz", GZIPPED)):
        (folder / "storefront" / "assets" / f"app-1.js{suffix}").write_bytes(content)
    return folder


def app(folder, shell, paths):
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(shell)
    scripts = {"zh-CN": ["assets/own-1.js", "assets/zh.js"], "en": ["assets/own-1.js", "assets/en.js"]}
    (folder / "routes.json").write_text(json.dumps(dict.fromkeys(paths, scripts)))
    (folder / "assets" / "own-1.js").write_text(folder.name)


@pytest.fixture
def site(config, services, wakeups, cache, web):
    cards = {
        "items": [
            {
                "product_id": PRODUCT,
                "title": "壶",
                "image": "/media/pot-1.svg",
                "price_from": {"amount": 100, "currency": "CNY"},
            }
        ]
    }
    services.answers.update({"catalog.get_product": product(), "catalog.list_products": cards | {"next": None}})
    return Client(build(replace(config, web_dir=web), services, wakeups, Memory(cache)))


def read(site, path, **headers):
    return site.get(path, headers={"Accept": "text/html", **headers})


def linked(html):
    return [json.loads(each) for each in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)]


def test_a_file_is_sent_in_the_smallest_form_that_the_client_accepts(site):
    accepted_and_sent = {"br, gzip": "br", "gzip": "gzip", "br;q=0, gzip": "gzip", "": None}
    sizes = {"br": 2, "gzip": len(GZIPPED), None: 5}
    for accepted, coding in accepted_and_sent.items():
        answer = site.get("/assets/app-1.js", headers={"Accept-Encoding": accepted})
        assert answer.headers.get("content-encoding") == coding
        assert int(answer.headers["content-length"]) == sizes[coding]
        assert "immutable" in answer.headers["cache-control"]


def test_a_file_without_a_hash_in_its_name_is_asked_for_again(site):
    answer = site.get("/seal.svg")
    assert (answer.headers["cache-control"], answer.headers["content-type"]) == ("no-cache", "image/svg+xml")
    again = site.get("/seal.svg", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_names_its_scripts_with_the_words_of_its_language(site):
    def named(path, language):
        html = read(site, path, **{"Accept-Language": language}).text
        return re.findall(r'<link rel="modulepreload" href="([^"]*)">', html)

    assert named(f"/products/{PRODUCT}", "zh") == ["/assets/own-1.js", "/assets/zh.js"]
    assert named(f"/merchant/orders/{PRODUCT}", "en") == ["/merchant/assets/own-1.js", "/merchant/assets/en.js"]
    assert named("/nothing-here", "en") == []


def test_a_file_that_was_not_built_is_not_found(site):
    for path in ("/assets/app-0.js", "/assets/../index.html", "/index.html", "/assets/app-1.js.br"):
        assert site.get(path).status_code == 404


def test_a_product_page_says_what_search_engines_read(site):
    html = read(site, f"/products/{PRODUCT}").text
    assert "<title>紫泥西施壶 · 集市</title>" in html
    assert f'rel="canonical" href="http://gateway/products/{PRODUCT}?lang=zh-CN"' in html
    assert 'property="og:image" content="http://gateway/media/pot.svg"' in html
    found, crumbs = linked(html)
    assert (found["@type"], found["offers"][0]["price"]) == ("Product", "468.00")
    assert found["offers"][0]["availability"] == "https://schema.org/InStock"
    assert [place["name"] for place in crumbs["itemListElement"]] == ["茶器", "紫砂壶"]
    assert found["image"] == ["http://gateway/media/pot.svg"]
    assert crumbs["itemListElement"][0]["item"] == "http://gateway/goods?category=%E8%8C%B6%E5%99%A8"
    assert "<h1>紫泥西施壶</h1>" in html


def test_a_shop_page_says_who_it_is_and_what_it_sells(site, services):
    services.answers["users.get_shop"] = about_shop()
    html = read(site, f"/shops/{SHOP}?q=壶&sort=price_up&page=2").text
    assert services.requested[-1][1] == {"q": "壶", "sort": "price_up", "shop_id": SHOP, "limit": 20}
    assert "<title>丁山壶舍 · 集市</title>" in html
    assert (
        f'rel="canonical" href="http://gateway/shops/{SHOP}?q=%E5%A3%B6&amp;sort=price_up&amp;lang=zh-CN"' in html
    )
    (found,) = linked(html)
    assert (found["@type"], found["url"], found["foundingDate"]) == (
        "Organization",
        f"http://gateway/shops/{SHOP}",
        "2026-03-01",
    )
    assert f'<a href="/products/{PRODUCT}">' in html
    assert ">壶<" in html


def test_a_shop_page_is_in_the_language_of_the_reader_as_far_as_the_shop_has_it(site, services):
    services.answers["users.get_shop"] = about_shop(description={"zh": "四个人", "en": "Four <people>"})
    english = read(site, f"/shops/{SHOP}?lang=en").text
    assert "<title>Dingshan Teapots · Jishi</title>" in english
    assert "<p>Four &lt;people&gt;</p>" in english
    assert '<meta name="description" content="四个人">' in read(site, f"/shops/{SHOP}").text
    services.answers["users.get_shop"] = about_shop(name_en="")
    assert "<h1>丁山壶舍</h1>" in read(site, f"/shops/{SHOP}?lang=en&q=1").text


def test_a_shop_that_does_not_exist_is_answered_with_404(site, services):
    services.answers["users.get_shop"] = NotFound("shop")
    assert read(site, f"/shops/{SHOP}").status_code == 404


def test_a_product_page_leads_to_its_shop(site):
    assert f'<a href="/shops/{SHOP}">丁山壶舍</a>' in read(site, f"/products/{PRODUCT}").text


def test_a_page_is_in_the_language_of_its_address_then_of_the_choice_then_of_the_browser(site):
    def language(path, **headers):
        return re.search(r'<html lang="([\w-]+)"', read(site, path, **headers).text)[1]

    assert language("/?lang=en", Cookie="lang=zh-CN") == "en"
    assert language("/", Cookie="a=b; lang=en", **{"Accept-Language": "zh"}) == "en"
    assert language("/", **{"Accept-Language": "en-GB,zh;q=0.5"}) == "en"
    assert language("/?lang=zh-TW", Cookie="lang=en") == "zh-CN"
    assert language("/?lang=xx") == language("/") == "zh-CN"
    assert language("/?lang=english", Cookie="lang=enough") == "zh-CN"  # as in web/kit/src/language.ts


def test_no_text_of_a_merchant_ends_a_block_or_an_attribute(site, services):
    services.answers["catalog.get_product"] = product(title=HOSTILE, brand=HOSTILE, category=HOSTILE)
    html = read(site, f"/products/{PRODUCT}").text
    assert "alert(1)</script>" not in html.replace("\\u003c/script>", "")
    assert linked(html)[0]["name"] == HOSTILE


def test_pages_run_only_scripts_of_their_own_files(site):
    policy = read(site, "/").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_an_unknown_product_and_an_unknown_page_are_answered_with_404_and_the_app(site, services):
    services.answers["catalog.get_product"] = NotFound("product")
    for path in (f"/products/{new_id()}", "/nothing", "/products/not-an-id"):
        answer = read(site, path)
        assert (answer.status_code, '<div id="app">' in answer.text) == (404, True)
    assert site.get("/nothing").headers["content-type"] == "application/problem+json"
    assert read(site, "/api/v1/nothing").headers["content-type"] == "application/problem+json"


def test_pages_of_one_person_are_served_without_content_and_kept_from_search_engines(site, services):
    for path in (f"/orders/{new_id()}", "/merchant", "/merchant/", f"/merchant/orders/{new_id()}"):
        answer = read(site, path)
        assert (answer.status_code, answer.headers["x-robots-tag"]) == (200, "noindex")
        assert ("canonical" in answer.text, "<!--" in answer.text) == (False, False)
    assert services.requested == []


def test_a_desk_has_its_own_files_and_answers_its_unknown_pages_itself(site):
    assert site.get("/merchant/assets/own-1.js").text == "merchant"
    answer = read(site, "/merchant/nothing")
    assert (answer.status_code, "/merchant/assets/app-1.js" in answer.text) == (404, True)


def test_a_desk_that_was_not_built_is_a_page_that_does_not_exist(site):
    answer = read(site, "/operator/")
    assert (answer.status_code, "/assets/app-1.js" in answer.text) == (404, True)


def test_a_withdrawn_product_is_answered_with_410_and_the_app(site, services):
    services.answers["catalog.get_product"] = NotFound("", code="product_unlisted")
    answer = read(site, f"/products/{PRODUCT}")
    assert (answer.status_code, '<div id="app">' in answer.text) == (410, True)


def test_the_sitemap_lists_its_parts_and_they_list_pages_shops_and_products(site, services):
    services.answers |= {
        "catalog.get_sitemap_parts": {"after": [PRODUCT]},
        "catalog.get_sitemap_part": {
            "items": [{"product_id": PRODUCT, "updated_at": "2026-11-27T09:00:00+00:00"}]
        },
        "users.list_shops": {"items": [{"shop_id": SHOP}], "next": None},
    }
    parts = re.findall("<loc>http://gateway(.*?)</loc>", site.get("/sitemap.xml").text)
    assert parts == ["/sitemap-pages.xml", "/sitemap-products.xml", f"/sitemap-products-{PRODUCT}.xml"]
    listed = [re.findall("<loc>http://gateway(.*?)</loc>", site.get(part).text) for part in parts]
    assert listed == [["/", "/goods", f"/shops/{SHOP}"], [f"/products/{PRODUCT}"], [f"/products/{PRODUCT}"]]
    assert services.requested[-1][1] == {"after": PRODUCT}
    assert site.get("/sitemap-products-1.xml").status_code == 404


def test_robots_are_kept_from_pages_of_one_person_and_told_of_the_sitemap(site):
    text = site.get("/robots.txt").text
    assert "Disallow: /cart\n" in text
    assert text.endswith("Sitemap: http://gateway/sitemap.xml\n")


def test_addresses_begin_with_the_public_url_whatever_host_was_asked(config, services, wakeups, cache, web):
    services.answers["catalog.get_product"] = product()
    public = replace(config, web_dir=web, public_url="https://shop.example")
    own = Client(build(public, services, wakeups, Memory(cache)))
    html = read(own, f"/products/{PRODUCT}", Host="evil.example").text
    assert f'rel="canonical" href="https://shop.example/products/{PRODUCT}?lang=zh-CN"' in html
    assert "evil.example" not in html


def test_a_demos_pages_know_where_its_payments_are_made_and_no_others(config, services, wakeups, web, site):
    demo = replace(config, web_dir=web, payment_sandbox="http://127.0.0.1:1/?a&b")
    own = Client(build(demo, services, wakeups, Memory()))
    for path in ("/", f"/orders/{new_id()}"):
        assert '<meta name="payment-sandbox" content="http://127.0.0.1:1/?a&amp;b">' in read(own, path).text
        assert "payment-sandbox" not in read(site, path).text
    assert "payment-sandbox" not in read(own, "/merchant").text


def test_while_a_service_does_not_answer_the_page_is_served_without_content(site, services):
    services.answers["catalog.list_products"] = Unavailable("catalog")
    answer = read(site, "/")
    assert (answer.status_code, "<h1>" in answer.text) == (200, False)
    del services.answers["catalog.list_products"]


def test_a_page_is_made_once_until_something_in_it_changes(site, services, wakeups, cache):
    for _ in range(2):
        read(site, f"/products/{PRODUCT}")
    assert len(services.requested) == 1
    services.answers["catalog.get_product"] = product(title="朱泥水平壶")
    body = json.dumps({"product_id": PRODUCT, "shop_id": SHOP}).encode()
    Changes(wakeups, Memory(cache)).received(ProductChanged.topic, "", body)
    assert "朱泥水平壶" in read(site, f"/products/{PRODUCT}").text


def test_a_price_has_the_decimals_of_its_currency(site, services):
    price = {"amount": 500, "currency": "JPY"}
    sku = {**product()["skus"][0], "price": price}
    services.answers["catalog.get_product"] = product(price_from=price, skus=[sku])
    html = read(site, f"/products/{PRODUCT}").text
    assert linked(html)[0]["offers"][0]["price"] == "500"


def test_a_listing_is_named_by_its_query_alone(site):
    html = read(site, "/goods?category=%E8%8C%B6%E5%99%A8&utm_source=mail").text
    assert 'href="http://gateway/goods?category=%E8%8C%B6%E5%99%A8&amp;lang=zh-CN"' in html
    assert "utm_source" not in html
