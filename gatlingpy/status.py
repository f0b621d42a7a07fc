"""The blocks a user is inside that bear on its status: groups, and tries that may be begun again.

A failure is caught by the innermost try.  It fails that try and the groups inside it; the tries
and groups outside, and the user's own status, hear of it only if the try is given up.
"""

from typing import NamedTuple, TypeAlias


class GroupBlock(NamedTuple):
    """A group the user is inside: when it entered, and what its requests added up to."""

    name: str
    start_ns: int
    cumulated_ns: int
    failed: bool


class TryBlock(NamedTuple):
    """A ``try_max`` the user is inside.

    ``outside_failed`` is the user's status from before it entered: nothing inside can change it,
    so it is kept here and not looked for again.
    """

    failed: bool
    outside_failed: bool


StatusBlock: TypeAlias = GroupBlock | TryBlock
Blocks: TypeAlias = tuple[StatusBlock, ...]
"""The outermost first."""


def fail_blocks(blocks: Blocks) -> Blocks:
    """Return blocks as a failure leaves them: all have failed, up to and with the innermost try."""
    reached = list(blocks)
    for place in range(len(blocks) - 1, -1, -1):
        reached[place] = blocks[place]._replace(failed=True)
        if type(blocks[place]) is TryBlock:
            break
    return tuple(reached)


def innermost_try(blocks: Blocks) -> int | None:
    """Return the place of the innermost try, or ``None`` if there is none."""
    for place in range(len(blocks) - 1, -1, -1):
        if type(blocks[place]) is TryBlock:
            return place
    return None


def add_request(blocks: Blocks, duration_ns: int) -> Blocks:
    """Return blocks in which every group has added a request of this length."""
    return tuple(
        [
            GroupBlock(b.name, b.start_ns, b.cumulated_ns + duration_ns, b.failed)
            if type(b) is GroupBlock
            else b
            for b in blocks
        ]
    )
