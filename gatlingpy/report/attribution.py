"""Finds the requests that replies belong to, where the log tells only their token.

A reply that comes after its request was forgotten is logged without a name.  The request's own line
has the same token, and stands in the same file.
"""

import re
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from gatlingpy.report.blocks import blocks
from gatlingpy.stats.escapes import unescape

_REQUEST: Final = re.compile(
    rb"^REQUEST\t[^\t\n]*\t([^\t\n]*)(?:\t[^\t\n]*){7}\t(\d+)\t", re.MULTILINE
)
"""Its name and its token, the fields 2 and 10."""


def request_names(path: Path, tokens: AbstractSet[int]) -> dict[int, str]:
    """Return the names of the requests with these tokens, without their groups.

    Reads the file once more, up to the last one that is wanted.  Raises OSError.
    """
    wanted = {b"%d" % token for token in tokens}
    found: dict[int, str] = {}
    for block in blocks(path):
        for name, token in _REQUEST.findall(block.data):
            if token in wanted:
                found[int(token)] = unescape(name.decode(errors="replace"))
        if len(found) == len(wanted):
            break
    return found
