import base64
import json
from uuid import UUID

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from catalog import cursors
from catalog.cursors import CursorInvalid
from catalog.products.model import categories, pictures
from catalog.products.model.categories import CategoryTooDeep
from catalog.products.model.search import normalised, terms, words
from catalog.products.use_cases import descriptions
from shared.ids import new_id


def test_a_text_is_found_by_pairs_of_its_characters():
    assert terms("四件套") >= {"四件", "件套", "四"}
    assert terms("Ocean") == {"oc", "ce", "ea", "an"}
    assert terms("Vitamin C") == {"vi", "it", "ta", "am", "mi", "in"}


@pytest.mark.parametrize("query", ["四件", "套", "ocean", "OCEAN", "ｏｃｅａｎ", "blue ocean"])
def test_a_query_finds_the_text_it_is_part_of(query):
    assert terms(query) <= terms("Ocean Blue 水洗四件套")


def test_punctuation_is_not_a_word():
    assert words("100% 'or' 1=1; --") == ["100", "or", "1", "1"]


ODD = st.text("aB_0 .-\u0301四件套臺K\u212aﬀ½\U0002ffffĳß", max_size=30)


@given(ODD | st.text(max_size=30), ODD | st.text(max_size=6), st.integers(0, 30), st.integers(1, 8))
def test_the_index_finds_every_text_that_has_all_words_of_a_query(text, other, start, length):
    for query in (other, text[start:][:length], f"{text[start:][:length]} {text[:length]}"):
        if all(word in normalised(text) for word in words(query)):
            assert terms(query) <= terms(text)


def test_a_cursor_returns_where_its_page_ended():
    identity = new_id()
    cursor = cursors.write("price", [1999, identity])
    assert cursors.read("price", cursor, cursors.number, cursors.identity) == [1999, identity]
    assert cursors.read("price", None, cursors.number, cursors.identity) is None


def forged(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "中文", "===", forged(), forged("price"), forged("newest", 1, str(UUID(int=1))),
     forged("price", "1", str(UUID(int=1))), forged("price", 2**63, str(UUID(int=1))), forged("price", True, "x"),
     forged("price", 1, None), forged("price", 1, 5), "A" * 200],
)  # fmt: skip
def test_a_cursor_of_another_list_is_refused(cursor):
    with pytest.raises(CursorInvalid):
        cursors.read("price", cursor, cursors.number, cursors.identity)


@given(st.text(max_size=200))
def test_any_other_text_is_refused_as_a_cursor(text):
    with pytest.raises(CursorInvalid):
        cursors.read("newest", text, cursors.identity)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>轻<script>steal()</script></p>", "<p>轻</p>"),
        ('<p onclick="steal()">x</p>', "<p>x</p>"),
        ('<a href="javascript:steal()">x</a>', '<a rel="nofollow noopener noreferrer">x</a>'),
        ('<img src="https://pictures.example/a.png" onerror="x">', '<img src="https://pictures.example/a.png">'),
        ("<style>p{}</style><iframe src='//x'></iframe><b>good</b>", "<b>good</b>"),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
        ("<p>&#x202e;gum&#x202c; &#8203;cup</p>", "<p>gum cup</p>"),
        ('<a href="java&#8203;script:steal()">x</a>', '<a rel="nofollow noopener noreferrer">x</a>'),
    ],
)
def test_descriptions_keep_only_harmless_html(dirty, clean):
    assert descriptions.clean(dirty) == clean


@given(st.text("<>&\"'/abp scripthref=:;#8203\u200b\u202e\n", max_size=80))
def test_cleaning_is_idempotent(html):
    try:
        once = descriptions.clean(html)
    except descriptions.DescriptionInvalid:
        reject()  # an entity can stand for a control character
    assert descriptions.clean(once) == once


def test_a_category_path_gives_its_ancestors_name_and_parent():
    path = categories.path(" 居家>床品 >  四件套 ")
    assert path == "居家 > 床品 > 四件套"
    assert categories.lineage(path) == ["居家", "居家 > 床品", path]
    assert (categories.name(path), categories.parent(path)) == ("四件套", "居家 > 床品")
    assert (categories.path(" > "), categories.parent("居家")) == (None, None)


def test_a_category_has_at_most_eight_levels():
    with pytest.raises(CategoryTooDeep):
        categories.path(" > ".join("abcdefghi"))


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("http://pictures.example/a.jpg", True),
        ("/media/a.svg", True),
        ("/media/../secret", False),
        ("/etc/passwd", False),
        ("javascript:alert(1)", False),
        ("data:image/png;base64,xx", False),
        ("http://[", False),
        ("https://", False),
        ("https://pictures.example/a b.jpg", False),
    ],
)
def test_a_picture_has_a_web_address_or_a_local_path(address, good):
    assert pictures.is_address(address) is good
