from types import SimpleNamespace

import pytest

from catalog.products.use_cases import descriptions
from catalog.products.use_cases.descriptions import DEEPEST, DescriptionTooDeep, DescriptionTooLong, clean


@pytest.mark.parametrize("tag", ["div", "ul", "DIV", "span", "blockquote", "custom-tag"])
def test_tags_nested_too_deeply_are_refused(tag):
    assert clean(f"<{tag}>" * DEEPEST + f"</{tag}>" * DEEPEST) is not None
    with pytest.raises(DescriptionTooDeep):
        clean(f"<{tag}>" * (DEEPEST + 1))


def test_an_end_tag_of_another_name_closes_nothing():
    with pytest.raises(DescriptionTooDeep):
        clean("<div></b>" * (DEEPEST + 1))


def test_many_sibling_tags_are_accepted_with_or_without_end_tags():
    for many in ("<div></div>", "<p>text", "<li>text", "<br>", "<tr><td>cell"):
        assert clean(many * 1000)


@pytest.mark.parametrize(
    "html",
    [
        "<li><dd>" * 8_000,
        "<h1><li>" * 8_000,
        "<svg>" + "<a>" * 20_000,
        "<svg>" + "<input>" * 8_000,
        "<a><h1>" * 8_000,
    ],
)
def test_nested_tags_with_optional_end_tags_are_counted(html):
    assert descriptions.is_deep(html)


@pytest.mark.parametrize(
    "many",
    [
        "<ul>" + "<li>one" * 500 + "</ul>",
        "<ul>" + "<li><p>one" * 500,
        "<p>text<ul><li>one<li>two</ul>" * 200,
        "<dl>" + "<dt>word<dd>meaning" * 500 + "</dl>",
        "<table><tr><th>a<td>b<tr><td>c</table>" * 200,
        "<h2>a</h2><p>b" * 500,
        "<h2>a" * 500,
        "<a>x" * 500,
        "<p><svg><path/></svg></p>" + "a<br>" * 500,
        "<math></math>" + "<li>one" * 500,
    ],
)
def test_long_lists_without_end_tags_are_not_deep(many):
    assert not descriptions.is_deep(many)
    assert clean(many)


def test_html_that_is_too_deep_never_reaches_the_parser(monkeypatch):
    parsed = []
    parser = SimpleNamespace(clean=lambda html: parsed.append(html) or html)
    monkeypatch.setattr(descriptions, "_cleaner", parser)
    for html in ("<div>" * 13_000, "<ul><li>" * 8_000):
        with pytest.raises(DescriptionTooDeep):
            clean(html)
    assert parsed == []


def test_a_description_that_grows_too_long_when_it_is_cleaned_is_refused():
    assert clean("<" * 16_384) == "&lt;" * 16_384
    for html in ("<" * 16_385, "<a>x</a>" * 8_000):
        with pytest.raises(DescriptionTooLong):
            clean(html)
