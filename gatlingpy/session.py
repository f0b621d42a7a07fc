"""The value that a virtual user is: its attributes, its status and the blocks it is inside."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Final, TypeVar

from gatlingpy.attributes import (
    MISSING,
    Missing,
    as_mapping,
    as_number,
    as_sequence,
    as_set,
    as_text,
    as_truth,
    as_whole_number,
    read,
    undefined,
)
from gatlingpy.counters import counting, not_counting, only_counters
from gatlingpy.status import (
    Blocks,
    GroupBlock,
    TryBlock,
    add_request,
    fail_blocks,
    innermost_try,
)

D = TypeVar("D")
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
"""What all users begin with: nobody can write into it."""


class Session:
    """A session is what one virtual user knows; it never changes: each change gives a new one.

    Attributes come from feeders, ``save_as`` and session functions.  A session never reaches
    another user.  Return the new one from a session function: a result that is thrown away
    changes nothing.
    """

    # Plain slots, not properties: requests read them by the hundred thousand a second.  That
    # nobody assigns to them is held by ``Final``.
    __slots__ = ("attributes", "blocks", "is_failed", "scenario", "user_id")

    def __init__(
        self,
        scenario: str,
        user_id: int,
        attributes: Mapping[str, object] = _NOTHING,
        blocks: Blocks = (),
        *,
        failed: bool = False,
    ) -> None:
        """``attributes`` is taken as it is and must not be changed afterwards."""
        self.scenario: Final = scenario
        """The name of the scenario this user plays."""
        self.user_id: Final = user_id
        """The number of this user, from 1, unique in the whole run."""
        self.attributes: Final = attributes
        """All attributes; read only."""
        self.blocks: Final = blocks
        """The groups and tries this user is inside, the outermost first."""
        self.is_failed: Final = failed
        """Whether a request, check or session function of this user has failed.

        A try that is begun again forgets the failures of the attempt before.
        """

    # --- reading ---------------------------------------------------------------------------------

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups this user is inside, the outermost first."""
        return tuple([block.name for block in self.blocks if type(block) is GroupBlock])

    def __contains__(self, key: object) -> bool:
        return key in self.attributes

    def __getitem__(self, key: str) -> object:
        """Return an attribute; raises ExpressionError, naming it, if it is not there."""
        try:
            return self.attributes[key]
        except KeyError:
            raise undefined(key) from None

    def get(self, key: str, default: object = None) -> object:
        """Return an attribute, or ``default`` if it is not there."""
        return self.attributes.get(key, default)

    def contains(self, key: str) -> bool:
        """Tell whether an attribute is there."""
        return key in self.attributes

    # Each raises ExpressionError if the attribute is something else, and if it is missing and no
    # default is given.

    def get_string(self, key: str, default: D | Missing = MISSING) -> str | D:
        """Return a text attribute, or ``default`` if it is missing; nothing is turned into text."""
        return read(self.attributes, key, "str", as_text, default)

    def get_int(self, key: str, default: D | Missing = MISSING) -> int | D:
        """Return an ``int`` attribute or a text that is one, or ``default`` if it is missing."""
        return read(self.attributes, key, "int", as_whole_number, default)

    def get_float(self, key: str, default: D | Missing = MISSING) -> float | D:
        """Return a number attribute or a text that is one, or ``default`` if it is missing."""
        return read(self.attributes, key, "float", as_number, default)

    def get_boolean(self, key: str, default: D | Missing = MISSING) -> bool | D:
        """Return a ``bool`` attribute, also from ``true`` or ``false``, or ``default``."""
        return read(self.attributes, key, "bool", as_truth, default)

    def get_list(self, key: str, default: D | Missing = MISSING) -> Sequence[object] | D:
        """Return a list or tuple attribute, not to be changed, or ``default`` if it is missing."""
        return read(self.attributes, key, "list", as_sequence, default)

    def get_set(self, key: str, default: D | Missing = MISSING) -> AbstractSet[object] | D:
        """Return a set attribute, not to be changed, or ``default`` if it is missing."""
        return read(self.attributes, key, "set", as_set, default)

    def get_map(self, key: str, default: D | Missing = MISSING) -> Mapping[str, object] | D:
        """Return a mapping attribute, not to be changed, or ``default`` if it is missing."""
        return read(self.attributes, key, "map", as_mapping, default)

    get_long = get_int
    """Gatling's name for a large whole number; in Python they are all ``int``."""
    get_double = get_float
    """Gatling's name for what Python calls a ``float``."""

    # --- changing --------------------------------------------------------------------------------

    def _with(
        self,
        attributes: Mapping[str, object],
        blocks: Blocks,
        failed: bool,  # noqa: FBT001 - private and hot
    ) -> "Session":
        return Session(self.scenario, self.user_id, attributes, blocks, failed=failed)

    def set(self, key: str, value: object) -> "Session":
        """Return a session in which ``key`` has this value."""
        return self._with({**self.attributes, key: value}, self.blocks, self.is_failed)

    def set_all(self, values: Mapping[str, object]) -> "Session":
        """Return a session with all these values laid over the attributes."""
        return self._with({**self.attributes, **values}, self.blocks, self.is_failed)

    def remove(self, key: str) -> "Session":
        """Return a session without ``key``; a key that is not there is no error."""
        return self.remove_all(key)

    def remove_all(self, *keys: str) -> "Session":
        """Return a session without these keys."""
        rest = dict(self.attributes)
        for key in keys:
            rest.pop(key, None)
        return self._with(rest, self.blocks, self.is_failed)

    def reset(self) -> "Session":
        """Return a session without attributes; its status and the blocks it is inside stay.

        Kept are counters and timestamps of the loops around it, and the private attributes of
        loops and paces whose counters were not given a name.
        """
        return self._with(only_counters(self.attributes), self.blocks, self.is_failed)

    def mark_as_failed(self) -> "Session":
        """Return a session that has failed, with the groups it is inside.

        Inside a ``try_max`` the innermost one, and the groups inside that, have failed.
        """
        return self._with(self.attributes, fail_blocks(self.blocks), True)

    def mark_as_succeeded(self) -> "Session":
        """Return a session whose status is good again; the groups it is inside stay failed.

        Inside a ``try_max`` the innermost one is good again, and what failed outside stays failed.
        """
        place = innermost_try(self.blocks)
        if place is None:
            return self._with(self.attributes, self.blocks, False)
        block = self.blocks[place]
        outside_failed = type(block) is TryBlock and block.outside_failed
        mended = TryBlock(failed=False, outside_failed=outside_failed)
        blocks = (*self.blocks[:place], mended, *self.blocks[place + 1 :])
        return self._with(self.attributes, blocks, outside_failed)

    # --- the engine's own ------------------------------------------------------------------------

    def enter_group(self, name: str, now_ns: int) -> "Session":
        """Return a session that is inside one more group."""
        block = GroupBlock(name, now_ns, 0, failed=False)
        return self._with(self.attributes, (*self.blocks, block), self.is_failed)

    def leave_group(self) -> "Session":
        """Return a session that has left its innermost block, which is a group."""
        return self._with(self.attributes, self.blocks[:-1], self.is_failed)

    def enter_loop(self, counter: str, start_ns: int | None = None) -> "Session":
        """Return a session whose ``counter`` is 0; ``start_ns`` becomes its timestamp."""
        return self._with(counting(self.attributes, counter, start_ns), self.blocks, self.is_failed)

    def leave_loop(self, counter: str) -> "Session":
        """Return a session without a loop's counter and timestamp."""
        return self._with(not_counting(self.attributes, counter), self.blocks, self.is_failed)

    def enter_try(self, counter: str) -> "Session":
        """Return a session that is inside one more try, in its first attempt."""
        block = TryBlock(failed=False, outside_failed=self.is_failed)
        return self._with(
            counting(self.attributes, counter, None), (*self.blocks, block), self.is_failed
        )

    def leave_try(self, counter: str) -> "Session":
        """Return a session that has left its innermost block, which is a try.

        If the try has failed, so has what is around it, up to and with the next try.  If not,
        what is around it stays as it was.
        """
        around = self.blocks[:-1]
        if self.blocks[-1].failed:
            around = fail_blocks(around)
        return self._with(not_counting(self.attributes, counter), around, self.is_failed)

    def has_to_try_again(self) -> bool:
        """Tell whether the innermost try has failed."""
        if not self.is_failed:
            return False
        place = innermost_try(self.blocks)
        return place is not None and self.blocks[place].failed

    def after_request(self, duration_ns: int, *, failed: bool) -> "Session":
        """Return the session as a finished request leaves it.

        Every group it is inside adds the request's duration, at least one millisecond as in
        Gatling, to its cumulated response time.  A failure counts as ``mark_as_failed`` does.
        """
        if not self.blocks:
            return self._with(self.attributes, (), True) if failed and not self.is_failed else self
        blocks = add_request(self.blocks, max(duration_ns, 1_000_000), failed=failed)
        return self._with(self.attributes, blocks, self.is_failed or failed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Session) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((self.scenario, self.user_id))

    def _identity(self) -> tuple[object, ...]:
        return self.scenario, self.user_id, self.attributes, self.blocks, self.is_failed

    def __repr__(self) -> str:
        status = "failed" if self.is_failed else "ok"
        return (
            f"Session({self.scenario!r}, user {self.user_id}, {status}, {dict(self.attributes)!r}"
            f"{', in ' + ' / '.join(self.groups) if self.groups else ''})"
        )


def merge_records(records: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Turn several feeder records into one whose values are lists, as ``feed(f, n)`` gives them."""
    merged: dict[str, list[object]] = {}
    for record in records:
        for key, value in record.items():
            merged.setdefault(key, []).append(value)
    return dict(merged)
