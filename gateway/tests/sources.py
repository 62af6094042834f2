"""All refusals of the code base, found by importing it and by reading it."""

import ast
from collections import defaultdict
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from starlette.exceptions import HTTPException

from gateway import problems
from shared import manifest
from shared.errors import Refusal

PACKAGES = ("shared", "gateway", *sorted(manifest.get().service_names), "auditor")
HEADERS = "headers"  # an argument of Problem that is not a fact


@cache
def trees():
    """The syntax trees of all modules by name."""
    found = {}
    for package in PACKAGES:
        (folder,) = map(Path, find_spec(package).submodule_search_locations)
        for file in sorted(folder.rglob("*.py")):
            name = ".".join([package, *file.relative_to(folder).with_suffix("").parts]).removesuffix(".__init__")
            found[name] = ast.parse(file.read_text(encoding="utf-8"))
    return found


@cache
def refusals():
    """All subclasses of Refusal, of every service."""
    for module in sorted(_defining({"Refusal"})):
        import_module(module)
    return frozenset(_below(Refusal))


def codes():
    """The codes of all refusals, and of the gateway's own problems."""
    framework = {problems.of_http(HTTPException(status)).code for status in (404, 405, 418)}
    return {each.code for each in refusals()} | {code for code, _ in _calls()} | framework


def facts():
    """The facts that are given with each code."""
    found = defaultdict(set)
    for code, call in _calls():
        found[code] |= {each.arg for each in call.keywords if each.arg not in (None, HEADERS, "code")}
    return found


def module_of(refusal):
    """The module with the class of this name."""
    (found,) = {each.__module__ for each in refusals() if each.__name__ == refusal}
    return found


def sentences(*callables, within=""):
    """The first arguments of calls to these, in modules with this prefix; computed parts are replaced by a 7."""
    modules = [tree for name, tree in trees().items() if name.startswith(within)]
    calls = [node for tree in modules for node in ast.walk(tree) if isinstance(node, ast.Call)]
    arguments = [call.args[0] for call in calls if call.args and _name(call) in callables]
    return {text for each in arguments if (text := _text(each))}


def beginning(module, words):
    """The texts of a module that begin with this prefix."""
    nodes = list(ast.walk(trees()[module]))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    found = {_text(node) for node in nodes if id(node) not in parts}
    return {text for text in found if text and text.startswith(words)}


def words(*callables):
    """All texts in lists within the arguments of these calls, in every module."""
    calls = [node for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    parts = [part for call in calls if _name(call) in callables for each in call.args for part in ast.walk(each)]
    lists = [part for part in parts if isinstance(part, ast.List)]
    return {text for each in lists for item in each.elts if (text := _text(item))}


def _defining(parents):
    """The modules with a subclass of these, also an indirect one."""
    below = [(module, each.name) for module, each in _classes() if parents & set(map(_name, each.bases))]
    names = parents | {name for _, name in below}
    return {module for module, _ in below} if names == parents else _defining(names)


def _classes():
    return [(name, each) for name, tree in trees().items() for each in tree.body if isinstance(each, ast.ClassDef)]


def _below(parent):
    for child in parent.__subclasses__():
        if child.__module__.partition(".")[0] in PACKAGES and ".tests." not in child.__module__:
            yield child
            yield from _below(child)


def _calls():
    """Every call that makes a refusal or problem, with its code."""
    known = defaultdict(set)
    for each in refusals():
        known[each.__name__].add(each.code)
    for tree in trees().values():
        for call, within in _made(tree, None):
            name = within if _name(call) == "__init__" else _name(call)
            for code in _codes(call, known[name]) if name in known or name == "Problem" else ():
                yield code, call


def _made(node, within):
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, ast.ClassDef) else within
        if isinstance(child, ast.Call):
            yield child, inner
        yield from _made(child, inner)


def _codes(call, known):
    given = [each.value for each in call.keywords if each.arg == "code"]
    if _name(call) == "Problem":
        given = call.args[1:2]
    literal = {each.value for each in given if isinstance(each, ast.Constant)}
    return literal or known


def _name(node):
    called = getattr(node, "func", node)
    return getattr(called, "id", getattr(called, "attr", None))


def _text(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
    return None
