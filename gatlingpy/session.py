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
        blocks: tuple[GroupBlock, ...] = (),
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
        """The groups this user is inside, the outermost first."""
        self.is_failed: Final = failed
        """Whether a request, check or session function of this user has failed."""

    # --- reading ---------------------------------------------------------------------------------

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups this user is inside, the outermost first."""
        return tuple([block.name for block in self.blocks]) if self.blocks else ()

    def __contains__(self, key: object) -> bool:
        return key in self.attributes

    def __getitem__(self, key: str) -> object:
        """Return an attribute; raises ExpressionError, naming it, if it is not there."""
        try:
            return self.attributes[key]
        except KeyError:
            raise ExpressionError(f"No attribute named {key!r} is defined") from None

    def get(self, key: str, default: object = None) -> object:
        """Return an attribute, or ``default`` if it is not there."""
        return self.attributes.get(key, default)

    def contains(self, key: str) -> bool:
        """Tell whether an attribute is there."""
        return key in self.attributes

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
        return float(value) if type(value) is int else self._typed(key, float)

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
        rest = {k: v for k, v in self.attributes.items() if k not in keys}
        return self._with(rest, self.blocks, self.is_failed)

    def mark_as_failed(self) -> "Session":
        """Return a session whose status, and that of every group it is inside, is failed."""
        blocks = tuple([block._replace(failed=True) for block in self.blocks])
        return self._with(self.attributes, blocks, True)

    def mark_as_succeeded(self) -> "Session":
        """Return a session whose status is good again; the groups it is inside stay failed."""
        return self._with(self.attributes, self.blocks, False)

    # --- the engine's own ------------------------------------------------------------------------

    def enter_group(self, name: str, now_ns: int) -> "Session":
        """Return a session that is inside one more group."""
        block = GroupBlock(name, now_ns, 0, failed=False)
        return self._with(self.attributes, (*self.blocks, block), self.is_failed)

    def leave_group(self) -> "Session":
        """Return a session that has left its innermost group."""
        return self._with(self.attributes, self.blocks[:-1], self.is_failed)

    def after_request(self, duration_ns: int, *, failed: bool) -> "Session":
        """Return the session as a finished request leaves it.

        Every group it is inside adds the request's duration, at least one millisecond as in
        Gatling, to its cumulated response time.
        """
        if not self.blocks:
            return self._with(self.attributes, (), True) if failed and not self.is_failed else self
        added = max(duration_ns, 1_000_000)
        blocks = tuple(
            [
                GroupBlock(b.name, b.start_ns, b.cumulated_ns + added, b.failed or failed)
                for b in self.blocks
            ]
        )
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
            f"Session({self.scenario!r}, user {self.user_id}, {status}, {self.attributes!r}"
            f"{', in ' + ' / '.join(self.groups) if self.blocks else ''})"
        )


def merge_records(records: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Turn several feeder records into one whose values are lists, as ``feed(f, n)`` gives them."""
    merged: dict[str, list[object]] = {}
    for record in records:
        for key, value in record.items():
            merged.setdefault(key, []).append(value)
    return dict(merged)
