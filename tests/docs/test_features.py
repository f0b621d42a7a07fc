"""The page of features leaves none of them out, and each leads to where it is, or says why not."""

import re

from tests.docs.page import ROOT, read_page

PAGE = read_page(ROOT / "docs" / "features.md")
_ROW = re.compile(r"^\| ([FNP]\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)

STUDIED = [
    *(f"F{number}" for number in [*range(1, 37), *range(45, 77)]),
    *(f"N{number}" for number in range(1, 39)),
    *(f"P{number}" for number in range(1, 26)),
]
"""What the study numbered, without stores, outages and advice."""


def test_every_number_is_there_once() -> None:
    """In the order of the study."""
    assert [number for number, _, _ in _ROW.findall(PAGE.prose)] == STUDIED


def test_every_row_leads_somewhere_or_says_why_not() -> None:
    """A row has a link, a file of the project, or begins with a word of denial."""
    lost = [
        number
        for number, _, here in _ROW.findall(PAGE.prose)
        if "](" not in here and not here.startswith(("not there", "not needed", "For developers"))
    ]
    assert lost == []


def test_code_that_a_row_names_exists() -> None:
    """Paths of the project in backticks are there."""
    paths = re.findall(r"`((?:tests|scripts|simulations)/[\w./-]+)`", PAGE.prose)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
