"""A user's status among groups and tries, held to a model that was written from the reference.

The model keeps a base status and a status for each block, and looks at all of them; the session
keeps less, and must say the same.
"""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gatlingpy.session import Session
from gatlingpy.status import GroupBlock, TryBlock

MS = 1_000_000
ANN = Session("Shop", 1)


@dataclass
class Inside:
    """A block as the model sees it."""

    kind: str
    name: str
    failed: bool = False
    cumulated_ns: int = 0


class Fate(RuleBasedStateMachine):
    """A user that enters and leaves groups and tries, succeeds and fails."""

    def __init__(self) -> None:
        super().__init__()
        self.session = ANN
        self.base_failed = False
        self.inside: list[Inside] = []
        self.earlier: list[tuple[Session, str]] = []

    # --- the model's own moves ---

    def fail(self) -> None:
        for block in reversed(self.inside):
            block.failed = True
            if block.kind == "try":
                return
        self.base_failed = True

    def succeed(self) -> None:
        tries = [block for block in self.inside if block.kind == "try"]
        if tries:
            tries[-1].failed = False
        else:
            self.base_failed = False

    # --- moves of both ---

    def become(self, session: Session) -> None:
        self.earlier.append((self.session, repr(self.session.blocks)))
        self.session = session

    @rule()
    def mark_as_failed(self) -> None:
        self.become(self.session.mark_as_failed())
        self.fail()

    @rule()
    def mark_as_succeeded(self) -> None:
        self.become(self.session.mark_as_succeeded())
        self.succeed()

    @rule(duration_ns=st.integers(0, 3 * MS), failed=st.booleans())
    def request(self, duration_ns: int, failed: bool) -> None:
        self.become(self.session.after_request(duration_ns, failed=failed))
        for block in self.inside:
            block.cumulated_ns += max(MS, duration_ns)
        if failed:
            self.fail()

    @rule()
    def enter_group(self) -> None:
        name = f"group {len(self.inside)}"
        self.become(self.session.enter_group(name, len(self.earlier)))
        self.inside.append(Inside("group", name))

    @rule()
    def enter_try(self) -> None:
        name = f"attempt {len(self.inside)}"
        self.become(self.session.enter_try(name))
        self.inside.append(Inside("try", name))

    @precondition(lambda self: self.inside)
    @rule()
    def leave(self) -> None:
        left = self.inside.pop()
        if left.kind == "group":
            self.become(self.session.leave_group())
        else:
            self.become(self.session.leave_try(left.name))
            if left.failed:
                self.fail()

    @rule(reset=st.booleans())
    def change_attributes(self, reset: bool) -> None:
        self.become(self.session.reset() if reset else self.session.set("x", 1).remove("x"))

    # --- what must hold ---

    @invariant()
    def they_agree(self) -> None:
        tries = [block.failed for block in self.inside if block.kind == "try"]
        groups = [block for block in self.inside if block.kind == "group"]
        assert self.session.is_failed == (self.base_failed or any(tries))
        assert self.session.has_to_try_again() == bool(tries and tries[-1])
        assert self.session.groups == tuple(block.name for block in groups)
        assert [block.failed for block in self.session.blocks] == [b.failed for b in self.inside]
        assert [b.cumulated_ns for b in self.session.blocks if isinstance(b, GroupBlock)] == [
            block.cumulated_ns for block in groups
        ]
        counters = {block.name: 0 for block in self.inside if block.kind == "try"}
        named = {key: value for key, value in self.session.attributes.items() if key in counters}
        assert named == counters

    @invariant()
    def no_session_has_changed(self) -> None:
        assert all(repr(session.blocks) == text for session, text in self.earlier[-3:])

    @invariant()
    def outside_all_blocks_nothing_is_left(self) -> None:
        if not self.inside:
            assert self.session.attributes == {}


Fate.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
test_the_status_is_what_the_model_says = Fate.TestCase


def test_a_try_catches_failures() -> None:
    """What is around it hears of them only when it is left."""
    session = ANN.enter_group("outer", 0).enter_try("n").enter_group("inner", 0).mark_as_failed()
    assert session.is_failed
    assert session.blocks == (
        GroupBlock("outer", 0, 0, failed=False),
        TryBlock(failed=True, outside_failed=False),
        GroupBlock("inner", 0, 0, failed=True),
    )
    outside = session.leave_group().leave_try("n")
    assert outside.blocks == (GroupBlock("outer", 0, 0, failed=True),)
    assert outside.is_failed


def test_what_failed_before_a_try_stays_failed() -> None:
    """Whatever happens inside it: success mends the innermost try alone."""
    session = ANN.mark_as_failed().enter_try("n")
    assert session.is_failed
    assert not session.has_to_try_again()
    assert session.mark_as_succeeded().is_failed
    assert session.leave_try("n").is_failed
    assert session.mark_as_failed().mark_as_succeeded().leave_try("n").is_failed


@pytest.mark.parametrize("blocks", [0, 3])
def test_a_status_that_is_good_already_stays_good(blocks: int) -> None:
    """Inside tries and outside them."""
    session = ANN
    for n in range(blocks):
        session = session.enter_try(f"n{n}")
    assert session.mark_as_succeeded() == session
