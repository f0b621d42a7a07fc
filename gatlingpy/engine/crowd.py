"""The users of one population: how many live, and the moment when the last of them has ended."""

from collections.abc import Callable

from gatlingpy.engine.nodes import Node
from gatlingpy.engine.users import Users


class Crowd:
    """The users of one population on this process.  Thread: the user thread."""

    def __init__(self, scenario: str, nodes: tuple[Node, ...], users: Users) -> None:
        """Nobody is there; each user will do ``nodes``."""
        self._scenario = scenario
        self._nodes = nodes
        self._users = users
        self._latest_ns = 0
        self._over: Callable[[int], None] | None = None
        self.alive = 0
        self.on_end: Callable[[int, int], None] | None = None
        """Called, if there is one, when a user has ended, with its id and its due time (ns)."""
        users.watch(scenario, self._ended)

    def let_in(self, user_id: int, intended_ns: int) -> None:
        """Let a user begin, that was meant to at ``intended_ns``."""
        self.alive += 1
        self._users.start(self._nodes, self._scenario, user_id, intended_ns)

    def close(self, at_ns: int, over: Callable[[int], None]) -> None:
        """Let nobody in any more; ``over`` is told the moment (ns) when the last one has ended.

        That is ``at_ns`` at the earliest.
        """
        self._over = over
        self._latest_ns = max(self._latest_ns, at_ns)
        self._tell()

    def _ended(self, user_id: int, due_ns: int) -> None:
        # Once for every user: no call that can be spared.
        self.alive -= 1
        if due_ns > self._latest_ns:  # noqa: PLR1730 - half the price of max()
            self._latest_ns = due_ns
        if self.on_end is not None:
            self.on_end(user_id, due_ns)
        if self.alive == 0:
            self._tell()

    def _tell(self) -> None:
        if self.alive == 0 and self._over is not None:
            over, self._over = self._over, None
            over(self._latest_ns)
