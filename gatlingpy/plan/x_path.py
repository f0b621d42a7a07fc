"""XPath expressions, compiled; they run on what ``tracking/xml_body.py`` has parsed."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from gatlingpy.errors import CheckFailed, UsageError

FindNodes: TypeAlias = Callable[[object], list[object]]
"""Gives the values found below a parsed root; raises CheckFailed."""


def compile_x_path(path: str, namespaces: Mapping[str, str]) -> FindNodes:
    """Compile an XPath 1.0 expression; raises UsageError with the reason if it is none.

    A node is found as its text: that of an element with all elements inside, the value of an
    attribute.  What an expression computes is one value: a text, a number or a truth value.
    """
    from lxml import etree

    try:
        evaluate = etree.XPath(path, namespaces=dict(namespaces) or None, smart_strings=False)
        # Unknown prefixes, functions and variables come to light on any document.
        evaluate(etree.Element("any"))
    except (etree.XPathError, ValueError, TypeError) as error:
        raise UsageError(str(error)) from None
    text = etree.XPath("string()", smart_strings=False)

    def value(node: "str | tuple[str, str] | etree._Element") -> object:
        if isinstance(node, str):
            return node
        if isinstance(node, tuple):  # a namespace: its prefix and its URI
            return node[1]
        # Comments and instructions have no name that is a text, and cannot be asked for one.
        return text(node) if isinstance(node.tag, str) else node.text or ""

    def find(root: object) -> list[object]:
        try:
            found = evaluate(root)
        except etree.XPathError as error:
            raise CheckFailed(str(error)) from None
        return [value(node) for node in found] if isinstance(found, list) else [_whole(found)]

    return find


def _whole(found: object) -> object:
    """XPath's numbers are all floating; whole ones read better as such."""
    return int(found) if isinstance(found, float) and found.is_integer() else found
