"""Bytes to XML that XPath can search, whatever an application under test sends.

A document with a document type declaration is refused: nothing of it is read from elsewhere, and
no entity of its own is put into the values that checks see.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree


def read_xml(data: bytes) -> object:
    """Return the root of the bytes parsed as XML; raises ValueError if they are not."""
    from lxml import etree

    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error.msg}") from None
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.externalDTD is not None:
        raise ValueError("not XML that can be read: it has a document type declaration")
    return root


@cache
def _parser() -> "etree.XMLParser":
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
    )
