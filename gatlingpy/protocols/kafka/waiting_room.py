"""How many messages wait for their transaction, as the user thread knows it."""

from gatlingpy.spi import Services


class WaitingRoom:
    """Counts what enters on the user thread, and what leaves on the producer's."""

    def __init__(self, services: Services, most: int) -> None:
        """It is empty; ``most`` messages find room."""
        self._post = services.post
        self._most = most
        self._inside = 0

    def enter(self) -> bool:
        """Count one more; tells whether it found room.  Thread: user."""
        self._inside += 1
        return self._inside <= self._most

    def leave(self, count: int) -> None:
        """Have the user thread learn that so many have left.  Thread: the producer's."""
        if count:
            self._post(self._left, count)

    def come_back(self, count: int) -> None:
        """Have it learn that so many that had left wait once more.  Thread: the producer's."""
        self._post(self._left, -count)

    def _left(self, count: int) -> None:
        self._inside -= count
