"""Tells all that is wrong at once, where one mistake does not hide the next."""

from collections.abc import Iterator
from contextlib import contextmanager

from gatlingpy.errors import PlanError, UsageError


class Problems:
    """The mistakes of parts that have nothing to do with each other."""

    def __init__(self) -> None:
        """There are none yet."""
        self._errors: list[UsageError] = []

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Keep the UsageError that is raised inside, and go on."""
        try:
            yield
        except UsageError as error:
            self._errors.append(error)

    def tell(self) -> None:
        """Raise the only error as it is, or a PlanError of all; do nothing if there is none."""
        if len(self._errors) == 1:
            raise self._errors[0]
        if self._errors:
            # A chain that several scenarios share would tell its problems once for each.
            told = dict.fromkeys(text for error in self._errors for text in _problems_of(error))
            raise PlanError(list(told))


def _problems_of(error: UsageError) -> tuple[str, ...]:
    return error.problems if isinstance(error, PlanError) else (str(error),)
