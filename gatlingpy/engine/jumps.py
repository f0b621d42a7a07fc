"""Ways out of blocks before their end: raised in one step, caught by the blocks around it."""

from typing import Final

from gatlingpy.session import Session

RETRY: Final = object()
"""Where a user goes that has failed: to the head of the innermost try around it."""


class Jump(Exception):  # noqa: N818 - no error
    """A user leaves blocks up to one that knows ``to`` as its own.

    Each block on the way takes itself out of ``session``.
    """

    def __init__(self, to: object, session: Session, due_ns: int) -> None:
        """``to`` is the guard of a loop, or ``RETRY``."""
        super().__init__()
        self.to = to
        self.session = session
        self.due_ns = due_ns


class Exit(Exception):  # noqa: N818 - no error
    """A user leaves its scenario; the blocks around it let it pass, their groups are closed."""

    def __init__(self, session: Session, due_ns: int) -> None:
        """``session`` is the last one of the user."""
        super().__init__()
        self.session = session
        self.due_ns = due_ns
