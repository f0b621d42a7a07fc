"""The blocks a user is inside that bear on its status: groups, and tries that may be begun again.

A failure is caught by the innermost try.  It fails that try and the groups inside it; the tries
and groups outside, and the user's own status, hear of it only if the try is given up.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple, TypeAlias


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


_group: Final[Callable[[tuple[str, int, int, bool]], GroupBlock]] = partial(
    tuple.__new__, GroupBlock
)
"""Makes a ``GroupBlock`` of a tuple, in a third of the time that its class takes."""


def fail_blocks(blocks: Blocks) -> Blocks:
    """Return blocks as a failure leaves them: all have failed, up to and with the innermost try."""
    return add_request(blocks, 0, failed=True) if blocks else blocks


def add_request(blocks: Blocks, duration_ns: int, *, failed: bool) -> Blocks:
    """Return blocks in which every group has added a request of this length, failed or not."""
    changed: list[StatusBlock] = []
    for block in reversed(blocks):
        if type(block) is GroupBlock:
            name, start_ns, cumulated_ns, has_failed = block
            changed.append(
                _group((name, start_ns, cumulated_ns + duration_ns, has_failed or failed))
            )
        elif failed and type(block) is TryBlock:
            changed.append(TryBlock(failed=True, outside_failed=block.outside_failed))
            failed = False
        else:
            changed.append(block)
    return tuple(changed[::-1])


def innermost_try(blocks: Blocks) -> int | None:
    """Return the place of the innermost try, or ``None`` if there is none."""
    for place in range(len(blocks) - 1, -1, -1):
        if type(blocks[place]) is TryBlock:
            return place
    return None
