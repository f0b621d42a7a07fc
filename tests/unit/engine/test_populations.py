"""Populations that follow others: level by level, when all before are over, whatever follows them."""

from collections.abc import Callable

from gatlingpy.engine.populations import Branch, Populations


class Injector:
    """An injector whose population is over when the test says so."""

    def __init__(self, name: str, told: list[tuple[str, int]]) -> None:
        self.name = name
        self.told = told
        self.active = False
        self.stopped = False
        self._over: Callable[[int], None] | None = None

    def start(self, start_ns: int, over: Callable[[int], None]) -> None:
        if not self.stopped:
            self.told.append((self.name, start_ns))
            self.active = True
            self._over = over

    def end(self, at_ns: int) -> None:
        assert self._over is not None
        self.active = False
        self._over(at_ns)

    def stop(self) -> None:
        self.stopped = True
        self.active = False


class Family:
    """Populations by their names."""

    def __init__(self) -> None:
        self.started: list[tuple[str, int]] = []
        self.members: dict[str, Injector] = {}

    def __call__(self, name: str, *levels: list[Branch]) -> Branch:
        self.members[name] = Injector(name, self.started)
        return Branch(self.members[name], levels)

    def end(self, name: str, at_ns: int) -> list[str]:
        """End a population; return who has started since."""
        before = len(self.started)
        self.members[name].end(at_ns)
        return [name for name, _ in self.started[before:]]


def test_the_first_level_starts_when_all_users_of_the_parent_have_ended() -> None:
    """And counts its time from there."""
    family = Family()
    populations = Populations([family("a", [family("b"), family("c")]), family("d")])
    populations.start(5)
    assert family.started == [("a", 5), ("d", 5)]
    assert family.end("a", 90) == ["b", "c"]
    assert family.started[2:] == [("b", 90), ("c", 90)]


def test_a_level_starts_when_all_of_the_one_before_is_over() -> None:
    """At the moment of the latest, in whatever order word of it came."""
    family = Family()
    Populations([family("a", [family("b"), family("c")], [family("d")])]).start(0)
    family.end("a", 10)
    assert family.end("c", 80) == []
    assert family.end("b", 70) == ["d"]
    assert family.started[-1] == ("d", 80)


def test_what_follows_a_child_is_over_before_the_next_level_starts() -> None:
    """And so is what follows that."""
    family = Family()
    grandchild = family("c", [family("d")])
    Populations([family("a", [family("b", [grandchild])], [family("e")])]).start(0)
    assert family.end("a", 1) == ["b"]
    assert family.end("b", 2) == ["c"]
    assert family.end("c", 3) == ["d"]
    assert family.end("d", 4) == ["e"]


def test_all_is_over_when_every_branch_is() -> None:
    """However many populations follow each other."""
    family = Family()
    populations = Populations([family("a", [family("b")]), family("c")])
    populations.start(0)
    for name in ("c", "a"):
        family.end(name, 1)
        assert not populations.over
    assert populations.active
    family.end("b", 2)
    assert populations.over
    assert not populations.active


def test_a_run_without_populations_is_over_at_once() -> None:
    """And so is a level without any: the next one starts."""
    nobody = Populations([])
    nobody.start(0)
    assert nobody.over
    family = Family()
    Populations([family("a", [], [family("b")])]).start(0)
    assert family.end("a", 7) == ["b"]


def test_after_a_stop_nothing_follows() -> None:
    """The users of the parent still end, but the children stay away."""
    family = Family()
    populations = Populations([family("a", [family("b")])])
    populations.start(0)
    populations.stop()
    assert family.end("a", 5) == []
    assert not populations.active
