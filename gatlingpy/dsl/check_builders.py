"""The builders behind checks: each method returns a new one, and the last compiles to a plan."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol, Self

from gatlingpy.dsl.check_arguments import Expected, held, must_take, refused
from gatlingpy.dsl.check_expected import Expectations, ExpectedCheck
from gatlingpy.dsl.check_sources import Change, Default, Source, compile_source
from gatlingpy.errors import UsageError
from gatlingpy.plan.checks import (
    BodyExtract,
    Check,
    Extract,
    ExtractCheck,
    Find,
    JmesPathExtract,
    RegexExtract,
    ValueType,
)
from gatlingpy.plan.code import CodeTable

__all__ = [
    "CheckBuilder",
    "ExpectedCheck",
    "Extractor",
    "GroupExtractor",
    "JmesExtractor",
    "JsonExtractor",
]


class CheckBuilder(Protocol):
    """A check while it is being written."""

    def compile(self, path: str, code: CodeTable) -> Check:
        """Return the check; its functions go into ``code`` under ``path``."""


_ANYWHERE: Final = BodyExtract()


@dataclass(frozen=True, slots=True)
class Extractor(Expectations):
    """A place in the reply: say which value there is meant, and what it must be.

    As a check by itself it expects that the first value exists.
    """

    _source: Source
    _where: str
    _look: ExtractCheck = ExtractCheck(_ANYWHERE)  # noqa: RUF009 - frozen
    _changes: tuple[Change | Default, ...] = ()

    def look_plan(self, path: str, code: CodeTable) -> ExtractCheck:
        """Return what is looked at, as a check that the value exists."""
        return replace(
            self._look,
            extract=compile_source(self._source, path, code),
            changes=tuple(change.compile(path, code) for change in self._changes),
            where=self._where,
        )

    def extract_plan(self, path: str, code: CodeTable) -> Extract:
        """Return the place alone, for other uses than checks: the first value found there.

        Its functions go into ``code`` under ``path``.  Raises UsageError, with the user's line,
        if another value than the first was asked for, or something made of it.
        """
        if self._look != ExtractCheck(_ANYWHERE) or self._changes:
            raise UsageError(
                f"{self._where}: an extractor that is no check gives the first value as it is; "
                "take away what follows it, or write message_function(lambda message: ...)"
            )
        return compile_source(self._source, path, code)

    # --- which of the values -----------------------------------------------------------------

    def find(self, occurrence: int = 0) -> Self:
        """Look at one of the values found, counted from 0."""
        if type(occurrence) is not int or occurrence < 0:
            raise refused(f"find({occurrence!r}) must be given a whole number from 0")
        return self._finding(Find.FIRST, occurrence)

    def find_all(self) -> Self:
        """Look at all values found, as a list; an empty one counts as nothing found."""
        return self._finding(Find.ALL)

    def find_random(self, count: int | None = None, fail_if_less: bool = False) -> Self:  # noqa: FBT001, FBT002
        """Look at one of the values, drawn; or at a list of so many, each drawn at most once.

        If there are fewer, all are looked at in their order, unless ``fail_if_less``.
        """
        if count is None:
            return self._finding(Find.RANDOM)
        if type(count) is not int or count < 1:
            raise refused(f"find_random({count!r}) must be given a whole number from 1")
        return self._finding(Find.SAMPLE, count, fail_if_less=bool(fail_if_less))

    def count(self) -> Self:
        """Look at how many values there are; 0 if there is none."""
        return self._finding(Find.COUNT)

    def _finding(self, find: Find, occurrence: int = 0, *, fail_if_less: bool = False) -> Self:
        look = replace(self._look, find=find, occurrence=occurrence, fail_if_less=fail_if_less)
        return replace(self, _look=look)

    # --- what becomes of it ------------------------------------------------------------------

    def transform(self, function: Callable[..., object]) -> Self:
        """Look at what a function makes of the value; it is not called if nothing was found."""
        must_take("transform", function, "the value")
        return replace(self, _changes=(*self._changes, Change(function)))

    def transform_with_session(self, function: Callable[..., object]) -> Self:
        """Look at what a function makes of the value and the session, if a value was found."""
        must_take("transform_with_session", function, "the value", "the session")
        return replace(self, _changes=(*self._changes, Change(function, with_session=True)))

    def with_default(self, value: Expected) -> Self:
        """Look at this value, or what a template or function gives, if nothing was found."""
        return replace(self, _changes=(*self._changes, Default(held(value))))


@dataclass(frozen=True, slots=True)
class JsonExtractor(Extractor):
    """A place in a JSON reply: its values have JSON's types, unless another is asked for."""

    def of_string(self) -> Self:
        """Take text as it is, and anything else as its JSON text, as Gatling does by default."""
        return self._of(ValueType.STRING)

    def of_int(self) -> Self:
        """Take whole numbers only; another value fails the check."""
        return self._of(ValueType.INT)

    def of_float(self) -> Self:
        """Take numbers only, as ``float``; another value fails the check."""
        return self._of(ValueType.FLOAT)

    def of_boolean(self) -> Self:
        """Take ``true`` and ``false`` only; another value fails the check."""
        return self._of(ValueType.BOOLEAN)

    def of_list(self) -> Self:
        """Take lists only; another value fails the check."""
        return self._of(ValueType.LIST)

    def of_map(self) -> Self:
        """Take objects only, as ``dict``; another value fails the check."""
        return self._of(ValueType.MAP)

    def _of(self, value_type: ValueType) -> Self:
        return replace(self, _look=replace(self._look, value_type=value_type))


@dataclass(frozen=True, slots=True)
class JmesExtractor(JsonExtractor):
    """What a JMESPath expression gives: one value, and the items of a list if one asks for them."""

    def find(self, occurrence: int | None = None) -> Self:
        """Look at the whole of what the expression gives, or at one item of a list, from 0."""
        if occurrence is None:
            return replace(self, _source=self._items(wanted=False), _look=ExtractCheck(_ANYWHERE))
        # A dataclass with slots is another class than the one that super() finds by itself.
        return Extractor.find(self, occurrence)

    def _finding(self, find: Find, occurrence: int = 0, *, fail_if_less: bool = False) -> Self:
        of_items = replace(self, _source=self._items(wanted=True))
        return Extractor._finding(of_items, find, occurrence, fail_if_less=fail_if_less)  # noqa: SLF001

    def _items(self, *, wanted: bool) -> Source:
        source = self._source
        return (
            JmesPathExtract(source.path, wanted) if isinstance(source, JmesPathExtract) else source
        )


@dataclass(frozen=True, slots=True)
class GroupExtractor(Extractor):
    """Matches of a regular expression."""

    _groups: int = 0

    def capture_groups(self, count: int) -> Self:
        """Take the first so many groups of each match, as a tuple; ``None`` for an idle one."""
        if type(count) is not int or not 1 <= count <= self._groups:
            raise refused(
                f"capture_groups({count!r}) must be given a whole number from 1 to {self._groups}, "
                "the groups that the expression has"
            )
        source = self._source
        pattern = source.pattern if isinstance(source, RegexExtract) else ""
        return replace(self, _source=RegexExtract(pattern, capture_groups=count))
