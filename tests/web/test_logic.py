"""The logic of the web pages: its tests run in Node."""

from local import web


def test_the_logic_of_the_pages_passes_its_own_tests():
    web.test()  # raises with the output above
