"""The value that a virtual user is: its attributes, its status and the blocks it is inside."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeVar

from gatlingpy.errors import ExpressionError

T = TypeVar("T")
_NOTHING: Final[Mapping[str, object]] = {}


class GroupBlock(NamedTuple):
    """A group the user is inside: when it entered, and what its requests added up to."""

    name: str
    start_ns: int
    cumulated_ns: int
    failed: bool


class Session:
    """What one virtual user knows; immutable, so each change returns a new session.

    Attributes come from feeders, ``save_as`` and session functions.  A session never reaches
    another user.  Return the new one from a session function: a result that is thrown away
    changes nothing.
    """

    __slots__ = ("_attributes", "_blocks", "_failed", "_scenario", "_user_id")

    def __init__(
        self,
        scenario: str,
        user_id: int,
        attributes: Mapping[str, object] = _NOTHING,
        blocks: tuple[GroupBlock, ...] = (),
        *,
        failed: bool = False,
    ) -> None:
        """``attributes`` is taken as it is and must not be changed afterwards."""
        self._scenario = scenario
        self._user_id = user_id
        self._attributes = attributes
        self._blocks = blocks
        self._failed = failed

    # --- reading ---------------------------------------------------------------------------------

    @property
    def scenario(self) -> str:
        """The name of the scenario this user plays."""
        return self._scenario

    @property
    def user_id(self) -> int:
        """The number of this user, from 1, unique in the whole run."""
        return self._user_id

    @property
    def is_failed(self) -> bool:
        """Whether a request, check or session function of this user has failed."""
        return self._failed

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups this user is inside, the outermost first."""
        return tuple([block.name for block in self._blocks]) if self._blocks else ()

    @property
    def blocks(self) -> tuple[GroupBlock, ...]:
        """The groups this user is inside, the outermost first."""
        return self._blocks

    @property
    def attributes(self) -> Mapping[str, object]:
        """All attributes; read only."""
        return self._attributes

    def __contains__(self, key: object) -> bool:
        return key in self._attributes

    def __getitem__(self, key: str) -> object:
        """Return an attribute; raises ExpressionError, naming it, if it is not there."""
        try:
            return self._attributes[key]
        except KeyError:
            raise ExpressionError(f"No attribute named {key!r} is defined") from None

    def get(self, key: str, default: object = None) -> object:
        """Return an attribute, or ``default`` if it is not there."""
        return self._attributes.get(key, default)

    def contains(self, key: str) -> bool:
        """Tell whether an attribute is there."""
        return key in self._attributes

    def _typed(self, key: str, kind: type[T]) -> T:
        value = self[key]
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        raise ExpressionError(
            f"attribute {key!r} should be {kind.__name__}, but it is "
            f"{type(value).__name__}: {value!r}"
        )

    def get_string(self, key: str) -> str:
        """Return a text attribute; raises ExpressionError if it is missing or no ``str``."""
        return self._typed(key, str)

    def get_int(self, key: str) -> int:
        """Return a whole number; raises ExpressionError if it is missing or no ``int``."""
        return self._typed(key, int)

    def get_float(self, key: str) -> float:
        """Return a number attribute; raises ExpressionError if it is missing or no number."""
        value = self[key]
        return float(value) if isinstance(value, int) else self._typed(key, float)

    def get_boolean(self, key: str) -> bool:
        """Return a truth attribute; raises ExpressionError if it is missing or no ``bool``."""
        return self._typed(key, bool)

    # --- changing --------------------------------------------------------------------------------

    def _with(
        self,
        attributes: Mapping[str, object],
        blocks: tuple[GroupBlock, ...],
        failed: bool,  # noqa: FBT001 - private and hot
    ) -> "Session":
        return Session(self._scenario, self._user_id, attributes, blocks, failed=failed)

    def set(self, key: str, value: object) -> "Session":
        """Return a session in which ``key`` has this value."""
        return self._with({**self._attributes, key: value}, self._blocks, self._failed)

    def set_all(self, values: Mapping[str, object]) -> "Session":
        """Return a session with all these values laid over the attributes."""
        return self._with({**self._attributes, **values}, self._blocks, self._failed)

    def remove(self, key: str) -> "Session":
        """Return a session without ``key``; a key that is not there is no error."""
        return self.remove_all(key)

    def remove_all(self, *keys: str) -> "Session":
        """Return a session without these keys."""
        rest = {k: v for k, v in self._attributes.items() if k not in keys}
        return self._with(rest, self._blocks, self._failed)

    def mark_as_failed(self) -> "Session":
        """Return a session whose status, and that of every group it is inside, is failed."""
        blocks = tuple([block._replace(failed=True) for block in self._blocks])
        return self._with(self._attributes, blocks, True)

    def mark_as_succeeded(self) -> "Session":
        """Return a session whose status is good again; the groups it is inside stay failed."""
        return self._with(self._attributes, self._blocks, False)

    # --- the engine's own ------------------------------------------------------------------------

    def enter_group(self, name: str, now_ns: int) -> "Session":
        """Return a session that is inside one more group."""
        block = GroupBlock(name, now_ns, 0, failed=False)
        return self._with(self._attributes, (*self._blocks, block), self._failed)

    def leave_group(self) -> "Session":
        """Return a session that has left its innermost group."""
        return self._with(self._attributes, self._blocks[:-1], self._failed)

    def after_request(self, duration_ns: int, *, failed: bool) -> "Session":
        """Return the session as a finished request leaves it.

        Every group it is inside adds the request's duration, at least one millisecond as in
        Gatling, to its cumulated response time.
        """
        if not self._blocks:
            return self._with(self._attributes, (), True) if failed and not self._failed else self
        added = max(duration_ns, 1_000_000)
        blocks = tuple(
            [
                GroupBlock(b.name, b.start_ns, b.cumulated_ns + added, b.failed or failed)
                for b in self._blocks
            ]
        )
        return self._with(self._attributes, blocks, self._failed or failed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Session) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((self._scenario, self._user_id))

    def _identity(self) -> tuple[object, ...]:
        return self._scenario, self._user_id, self._attributes, self._blocks, self._failed

    def __repr__(self) -> str:
        status = "failed" if self._failed else "ok"
        return (
            f"Session({self._scenario!r}, user {self._user_id}, {status}, {self._attributes!r}"
            f"{', in ' + ' / '.join(self.groups) if self._blocks else ''})"
        )


def merge_records(records: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Turn several feeder records into one whose values are lists, as ``feed(f, n)`` gives them."""
    merged: dict[str, list[object]] = {}
    for record in records:
        for key, value in record.items():
            merged.setdefault(key, []).append(value)
    return dict(merged)
