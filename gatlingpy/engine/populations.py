"""The populations of a run: those that start with it, and those that start when others are over."""

from collections.abc import Callable, Iterator, Sequence

from gatlingpy.engine.injector import Injector

Over = Callable[[int], None]
"""Is told the moment (ns) when something was over."""


class Branch:
    """One population, and the levels of those that follow it.  Thread: the user thread."""

    def __init__(self, injector: Injector, levels: "Sequence[Sequence[Branch]]" = ()) -> None:
        """Each level starts when all of the one before, and what follows it in turn, is over."""
        self.injector = injector
        self._levels = levels
        self._to_come = iter(levels)
        self._over: Over | None = None

    def start(self, at_ns: int, over: Over) -> None:
        """Start the population at ``at_ns``; ``over`` is told when nothing is left to follow."""
        self._over = over
        self.injector.start(at_ns, self._next)

    def _next(self, at_ns: int) -> None:
        level = next(self._to_come, None)
        if level is not None:
            _start(level, at_ns, self._next)
        elif self._over is not None:
            self._over(at_ns)

    def injectors(self) -> Iterator[Injector]:
        """Yield the injector of this population and of all that follow it."""
        yield self.injector
        for level in self._levels:
            for branch in level:
                yield from branch.injectors()


class Populations:
    """All populations of a run on this process.  Thread: the user thread."""

    def __init__(self, first: Sequence[Branch]) -> None:
        """``first`` are those that start with the run."""
        self._first = first
        self._injectors = [injector for branch in first for injector in branch.injectors()]
        self.over = False
        """Whether every population has had its time, and every user has ended."""

    def start(self, at_ns: int) -> None:
        """Start those that start with the run."""
        _start(self._first, at_ns, self._ended)

    def _ended(self, _at_ns: int) -> None:
        self.over = True

    @property
    def active(self) -> bool:
        """Whether any user may still start before another one has ended."""
        return any(injector.active for injector in self._injectors)

    def stop(self) -> None:
        """Start no further user and no further population."""
        for injector in self._injectors:
            injector.stop()


def _start(branches: Sequence[Branch], at_ns: int, over: Over) -> None:
    """Start branches together; ``over`` is told when the last of them was over."""
    ends: list[int] = []

    def one_over(end_ns: int) -> None:
        ends.append(end_ns)
        if len(ends) == len(branches):
            over(max(ends))

    for branch in branches:
        branch.start(at_ns, one_over)
    if not branches:
        over(at_ns)
