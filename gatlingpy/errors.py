"""Every exception that gatlingpy raises on purpose, and the exit codes of a run.

GatlingError
├── UsageError                  the user can mend it; exit code 1
│   ├── PlanError               a simulation that cannot be run, all problems at once
│   ├── SimulationNotFound      no module, or not exactly one Simulation in it
│   ├── FeederError             a feeder's source is missing, empty or malformed
│   ├── ProtocolError           a broker, topic or property that cannot be used
│   │   └── EmbeddedBrokerError the embedded broker did not start or died
│   ├── LogError                a log that is not a log, or cannot be read
│   └── ResultsError            the results folder cannot be written
├── ExpressionError             an attribute or function that a template needs is missing
├── CheckFailed                 raised by user checks; becomes the request's KO message
├── FeederExhausted             a queue has no record left; the run stops
├── RunRefused                  a second run in the same process
└── RunInvalid                  what was measured cannot be trusted; exit code 3
    ├── StoreLost               the request store cannot be reached any more
    └── LogLost                 the log could not be written, or fell behind
"""

from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """Tells what the process returns: the first of 1, 3, 130 and 2 that applies, else 0."""

    OK = 0
    """The run ended and every assertion held."""
    MISTAKE = 1
    """The user's mistake, a crash, an exhausted feeder, or ``crash_load_generator``."""
    ASSERTION = 2
    """At least one assertion failed."""
    INVALID = 3
    """What was measured is incomplete, such as by a lost log: it is not to be trusted."""
    INTERRUPTED = 130
    """Ctrl-C, or SIGTERM on the command line."""


class GatlingError(Exception):
    """Every exception that gatlingpy raises on purpose is one of these."""


class UsageError(GatlingError):
    """Something is wrong that the user can mend; the text says what, where, got and remedy."""


class PlanError(UsageError):
    """The simulation cannot be run; every problem found is told, not only the first."""

    def __init__(self, problems: Sequence[str]) -> None:
        """``problems`` are complete sentences, each with the user's ``file:line``."""
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} problem{'' if count == 1 else 's'} in the simulation:"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in self.problems)]))


class SimulationNotFound(UsageError):  # noqa: N818 - what happened
    """A module that cannot be imported, or that does not hold exactly one Simulation."""


class FeederError(UsageError):
    """A feeder's source is missing, empty or malformed."""


class ProtocolError(UsageError):
    """A broker cannot be reached, a topic is missing, or a property is refused."""


class EmbeddedBrokerError(ProtocolError):
    """The embedded broker did not start, or died."""


class LogError(UsageError):
    """A simulation log that cannot be read."""


class ResultsError(UsageError):
    """The results folder cannot be written."""


class ExpressionError(GatlingError):
    """A template or function could not be resolved for one user."""


class CheckFailed(GatlingError):  # noqa: N818 - users raise it: it reads as a sentence
    """Raise it inside a check of yours: its text becomes the message of the failed request."""


class FeederExhausted(GatlingError):  # noqa: N818 - a state, as Gatling names it
    """A queue or shuffle feeder has given its last record."""


class RunRefused(GatlingError):  # noqa: N818 - a refusal, not a fault
    """A run was asked for while another one lives in this process."""


class RunInvalid(GatlingError):  # noqa: N818 - a verdict
    """What was measured cannot be trusted any more: the run stops with exit code 3."""


class StoreLost(RunInvalid):
    """The request store cannot be reached any more."""


class LogLost(RunInvalid):
    """The log could not be written, or its writer fell behind."""
