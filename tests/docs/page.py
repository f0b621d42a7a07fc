"""One page of the documentation, taken apart: fenced blocks with their marks, headings, links.

A mark is an HTML comment on a line of its own, right above a block:

    <!-- file: NAME -->      the block is a file of that name; it is not executed by itself
    <!-- run -->             the Simulation defined in it is run, shortened, against its own brokers
    <!-- run: exit 2 -->     the same, and the exit code is this one
    <!-- raises: NAME -->    the block raises this error; a ```text block behind it is its message
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
"""The folder of the project."""

_FENCE: Final = re.compile(r"^```(\w*)\s*$")
_MARK: Final = re.compile(r"^<!-- (file|run|raises)(?:: (.+?))? -->$")
_HEADING: Final = re.compile(r"^#{1,6} (.+?)\s*$")
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE: Final = re.compile(r"`[^`]*`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    language: str
    text: str
    line: int
    """The number of its first line of text, from 1."""
    mark: str
    """``file``, ``run``, ``raises`` or empty."""
    argument: str


@dataclass(frozen=True, slots=True)
class DocPage:
    """A page and what it holds."""

    path: Path
    blocks: tuple[Block, ...]
    prose: str
    """Everything outside the blocks."""

    @property
    def name(self) -> str:
        """The path from the project's folder."""
        return self.path.relative_to(ROOT).as_posix()

    def of(self, *languages: str) -> list[Block]:
        """Return the blocks in these languages."""
        return [block for block in self.blocks if block.language in languages]

    def links(self) -> Iterator[str]:
        """Yield every link that does not leave the project."""
        for target in _LINK.findall(_CODE.sub("", self.prose)):
            if not target.startswith(("http:", "https:", "mailto:")):
                yield target

    def anchors(self) -> set[str]:
        """Return the anchors of the headings, as code hosts make them."""
        anchors: set[str] = set()
        for line in self.prose.splitlines():
            match = _HEADING.match(line)
            if match:
                anchors.add(_unused(_slug(match.group(1)), anchors))
        return anchors


def _slug(heading: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def _unused(slug: str, taken: set[str]) -> str:
    number, unused = 0, slug
    while unused in taken:
        number += 1
        unused = f"{slug}-{number}"
    return unused


def read_page(path: Path) -> DocPage:
    """Take a page apart; raises AssertionError for a fence that is never closed."""
    blocks: list[Block] = []
    prose: list[str] = []
    inside: list[str] | None = None
    language, first, mark = "", 0, ("", "")
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if inside is not None:
            if line == "```":
                blocks.append(Block(language, "\n".join(inside) + "\n", first, *mark))
                inside, mark = None, ("", "")
            else:
                inside.append(line)
        elif fence := _FENCE.match(line):
            inside, language, first = [], fence.group(1), number + 1
        else:
            prose.append(line)
            if found := _MARK.match(line):
                mark = found.group(1), found.group(2) or ""
            elif line.strip():
                mark = "", ""
    assert inside is None, f"{path}: the block at line {first} is never closed"
    return DocPage(path, tuple(blocks), "\n".join(prose))


def pages() -> list[DocPage]:
    """Return the README, the changelog and every page below ``docs``."""
    found = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [read_page(path) for path in found]
