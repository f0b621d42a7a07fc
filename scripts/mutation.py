"""A fault that is put into the code on purpose."""

from typing import NamedTuple


class Mutation(NamedTuple):
    """A fault: in words, and as the text of a file that becomes another."""

    fault: str
    file: str
    old: str
    new: str
