"""Messages that pages quote in tables are those that the code makes."""

import re
from dataclasses import dataclass, field
from itertools import takewhile

import pytest

import gatlingpy
from gatlingpy.dsl.checks import as_check
from gatlingpy.plan.assertion_text import assertion_text
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable
from gatlingpy.session import Session
from gatlingpy.tracking.decoding import plain_format
from gatlingpy.tracking.verdict import compile_verdict
from tests.docs.page import ROOT, read_page

_ROW = re.compile(r"^\| `(.+?)` \| `(.+?)` \|$", re.MULTILINE)
_DSL = {name: getattr(gatlingpy, name) for name in gatlingpy.__all__}


@dataclass
class Answer:
    """A reply (``spi.Message``)."""

    value: bytes | None
    topic: str = "replies"
    key: bytes | None = None
    headers: tuple[tuple[str, bytes | None], ...] = field(default=())
    partition: int = 0
    offset: int = 0
    timestamp_ms: int = 0


def _rows(page: str, heading: str) -> list[tuple[str, str]]:
    prose = read_page(ROOT / page).prose
    section = prose.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return _ROW.findall(section)


@pytest.mark.parametrize(("check", "message"), _rows("docs/checks.md", "Messages"))
def test_a_failed_check_says_what_the_page_says(check: str, message: str) -> None:
    """Each check of the table, held against ``{"n": 1}``, fails with the message beside it."""
    code = CodeTable()
    compiled = as_check(eval(check, dict(_DSL))).compile("check", code)
    json = SerializationType.JSON
    verdict = compile_verdict(
        [compiled], code, requests=plain_format(json), replies=plain_format(json)
    )
    assert verdict is not None
    _, failure = verdict(b"{}", Answer(b'{"n": 1}'), Session("Snippets", 1))
    assert message == failure


def test_results_of_assertions_are_worded_as_on_the_page() -> None:
    """The lines that the page shows begin with the sentences of these assertions."""
    page = read_page(ROOT / "docs/assertions.md")
    lines = next(b.text for b in page.of("text") if b.text.startswith("Global")).splitlines()
    assertions = [
        gatlingpy.global_().successful_requests().percent().gt(99.0),
        gatlingpy.details("checkout", "Order").response_time().mean().between(0, 5000),
        gatlingpy.details("Order-send").response_time().percentile(95).lt(5000),
    ]
    shown = [line.split(" : ")[0] for line in takewhile(bool, lines)]
    assert [assertion_text(assertion) for assertion in assertions] == shown
