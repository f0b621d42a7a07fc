"""XML from a system that is not trusted: nothing is loaded, nothing expands, nothing crashes."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from gatlingpy.dsl.checks import x_path
from gatlingpy.tracking import xml_body
from gatlingpy.tracking.xml_body import read_xml
from tests.unit.tracking.judging import failure

REFUSED = "the reply is not XML that can be read: it has a document type declaration"
TEN_TIMES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise("abcdefghij")
)


def laughs(use: str) -> bytes:
    """Return a document of which a thousand million characters become."""
    return f'<!DOCTYPE r [<!ENTITY a "ha">{TEN_TIMES}]>{use}'.encode()


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Take note of all that the parser would load from elsewhere."""
    addresses: list[str] = []

    class Resolver(etree.Resolver):  # type: ignore[misc]
        def resolve(self, url: str, _public_id: str, _context: object) -> None:
            addresses.append(url)

    resolver = Resolver()
    resolvers = xml_body._parser().resolvers
    resolvers.add(resolver)
    yield addresses
    resolvers.remove(resolver)


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "{file}">]><r>&x;</r>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "{url}/x">]><r>&x;</r>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "{url}/p.dtd"> %p;]><r/>',
        '<!DOCTYPE r SYSTEM "{url}/r.dtd"><r/>',
        '<!DOCTYPE r PUBLIC "-//W3C//DTD XHTML 1.0//EN" "{url}/r.dtd"><r/>',
        '<!DOCTYPE r [<!ENTITY x "inside">]><r>&x;</r>',
        '<!DOCTYPE r [<!ATTLIST r a CDATA "default">]><r/>',
        "<!DOCTYPE r><r/>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_and_nothing_is_fetched(
    document: str, encoding: str, asked: list[str], tmp_path: Path
) -> None:
    """Whatever it would bring, and however it is written."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    text = document.replace("{url}", "http://127.0.0.1:9").replace("{file}", secret.as_uri())
    body = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
    failed = failure(body, x_path("string(/*)"))
    assert failed == f"xpath(string(/*)).find.exists preparation crashed: {REFUSED}"
    assert asked == []


@pytest.mark.parametrize("use", ["<r>&j;</r>", '<r a="&j;"/>', "<r>&j;&j;</r>", "<r/>"])
def test_a_thousand_million_laughs_are_not_heard(use: str) -> None:
    """A document that would grow beyond any memory is refused."""
    failed = failure(laughs(use), x_path("string(/*)"))
    assert failed is not None
    assert " preparation crashed: the reply is not XML" in failed
    assert len(failed) < 400


def test_includes_and_stylesheets_are_left_alone(asked: list[str]) -> None:
    """They are elements and instructions like any other."""
    url = "http://127.0.0.1:9"
    body = (
        f'<?xml-stylesheet href="{url}/s.xsl"?><r xmlns:xi="http://www.w3.org/2001/XInclude">'
        f'<xi:include href="{url}/i" parse="text"/>x</r>'
    )
    assert failure(body.encode(), x_path("string(/r)").is_("x")) is None
    assert asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\0", b"hello", b"<r>", b"<r></s>", b"<r>\xff</r>", b"{}", b"<r/><r/>",
        b'<?xml version="1.0" encoding="nonsense"?><r/>',
        b"<a>" * 100_000 + b"</a>" * 100_000,
        b"<r>" + b"x" * 11_000_000 + b"</r>",
    ],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_what_is_no_xml_or_has_no_end_is_a_failed_check(body: bytes) -> None:
    """With a reason that is not long."""
    failed = failure(body, x_path("//r"))
    assert failed is not None
    assert failed.startswith("xpath(//r).find.exists preparation crashed: the reply is not XML: ")
    assert len(failed) < 400
    assert "<string>" not in failed


def test_the_encoding_is_the_documents_own() -> None:
    """And text is what it says, markup or not."""
    latin = '<?xml version="1.0" encoding="iso-8859-1"?><r>é</r>'.encode("latin-1")
    assert failure(latin, x_path("/r").is_("é")) is None
    assert failure(b"\xef\xbb\xbf<r>\xc3\xa9</r>", x_path("/r").is_("é")) is None
    assert failure(b"<r><![CDATA[<x>]]>&lt;</r>", x_path("/r").is_("<x><")) is None
    assert failure(b"<r>a<!--b--><?p c?>d</r>", x_path("/r").is_("ad")) is None
    assert failure(b"<r><!--b--></r>", x_path("//comment()").is_("b")) is None


def test_a_body_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many paths look into it, and whether it can be."""
    from gatlingpy.tracking import finders

    read: list[bytes] = []
    monkeypatch.setattr(finders, "read_xml", lambda data: read.append(data) or read_xml(data))
    paths = [x_path("//a"), x_path("//b").not_exists(), x_path("//a").count().is_(1)]
    assert failure(b"<a/>", *paths) is None
    assert failure(b"<a>", *paths) is not None
    assert read == [b"<a/>", b"<a>"]
    assert xml_body._parser() is xml_body._parser()
