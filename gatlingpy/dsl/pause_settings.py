"""What becomes of pauses, as a set-up or a population says it."""

from datetime import timedelta
from typing import Self

from gatlingpy.dsl.arguments import Time
from gatlingpy.dsl.duration import Duration
from gatlingpy.dsl.pauses import (
    PauseType,
    constant_pauses,
    custom_pauses,
    disabled_pauses,
    exponential_pauses,
    normal_pauses_with_percentage_duration,
    normal_pauses_with_std_dev_duration,
    uniform_pauses_plus_or_minus_duration,
    uniform_pauses_plus_or_minus_percentage,
)


class PauseSettings:
    """The calls that set the type of all pauses below; the last one counts.

    A pause's own type goes before its population's, and that before the set-up's.
    """

    __slots__ = ()

    def pauses(self, pause_type: PauseType) -> Self:
        """Use this type, such as ``exponential_pauses``, for pauses that have none of their own."""
        raise NotImplementedError

    def disable_pauses(self) -> Self:
        """Let no pause take any time."""
        return self.pauses(disabled_pauses)

    def constant_pauses(self) -> Self:
        """Let each pause take what it says; that is so by default."""
        return self.pauses(constant_pauses)

    def exponential_pauses(self) -> Self:
        """Let what a pause says be the mean of an exponential distribution."""
        return self.pauses(exponential_pauses)

    def custom_pauses(self, duration: Time) -> Self:
        """Let a function of the session tell how long; what a pause says is ignored."""
        return self.pauses(custom_pauses(duration))

    def uniform_pauses(self, plus_or_minus: Duration) -> Self:
        """Let a pause take any time around what it says.

        A number is a percentage of what it says; a ``timedelta`` or a text such as ``"500ms"`` is
        the time itself.
        """
        if isinstance(plus_or_minus, timedelta | str):
            return self.pauses(uniform_pauses_plus_or_minus_duration(plus_or_minus))
        return self.pauses(uniform_pauses_plus_or_minus_percentage(plus_or_minus))

    def normal_pauses_with_std_dev_duration(self, std_dev: Duration) -> Self:
        """Let what a pause says be the mean of a normal distribution, this its deviation."""
        return self.pauses(normal_pauses_with_std_dev_duration(std_dev))

    def normal_pauses_with_percentage_duration(self, percentage: float) -> Self:
        """Let what a pause says be the mean of a normal distribution, this its deviation in %."""
        return self.pauses(normal_pauses_with_percentage_duration(percentage))
