"""Where users wait for each other: the last one to come lets all go on."""

from gatlingpy.session import Session
from gatlingpy.spi import Resume


class Barrier:
    """One ``rendez_vous`` of one population; it opens once, and for good.

    Thread: the user thread.
    """

    def __init__(self, size: int, where: str) -> None:
        """``size`` users have to come; ``where`` is the user's ``file:line``."""
        self._size = size
        self._where = where
        self._parked: list[tuple[Session, int, Resume]] = []
        self.open = False

    @property
    def waiting(self) -> int:
        """How many users wait here."""
        return len(self._parked)

    @property
    def shortage(self) -> str:
        """What is missing, and where, in words."""
        missing = self._size - len(self._parked)
        return (
            f"{self._where}: rendez_vous({self._size}) has {len(self._parked)} of {self._size} "
            f"users; {missing} more would have to come"
        )

    def arrive(self, session: Session, due_ns: int, resume: Resume) -> None:
        """Have a user wait; if it is the last, all go on, due at the time at which it came."""
        self._parked.append((session, due_ns, resume))
        if len(self._parked) >= self._size:
            self.open = True
            for parked, _, wake in self.disband():
                wake(parked, due_ns)

    def disband(self) -> list[tuple[Session, int, Resume]]:
        """Return those who wait here, with the time at which each came; nobody waits any more."""
        parked, self._parked = self._parked, []
        return parked
