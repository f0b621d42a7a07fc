"""Tokens for OAUTHBEARER from a function of the user's."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from gatlingpy.clock import Clock
from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.redaction import Redactor

Token: TypeAlias = tuple[str, float]
"""A token, and when it expires: seconds since 1970."""
WireToken: TypeAlias = tuple[str, float, str, Mapping[str, str]]
"""What confluent-kafka wants: a token, its expiry, a principal, SASL extensions."""

_CALL: Final = "sasl_oauthbearer(...)"
_WANTED: Final = 'must return (token, time.time() + seconds), and {"name": "value"} for extensions'
_MILLISECONDS: Final = 100_000_000_000
"""No second since 1970 has such a number for a thousand years."""


class TokenSource:
    """The user's function as librdkafka calls it.  Thread: ``__call__`` on one of librdkafka's."""

    def __init__(
        self,
        function: Callable[..., object],
        where: str,
        redactor: Redactor,
        on_error: Callable[[str], None],
        clock: Clock,
    ) -> None:
        """``on_error`` is told, on any thread, of tokens that could not be had during the run."""
        self._clock = clock
        self._function = function
        self._where = where
        self._redactor = redactor
        self._on_error = on_error
        self._first: list[WireToken] = []

    def check(self, config: str) -> None:
        """Ask for the first token now; raises ProtocolError with what the function did."""
        self._first.append(self._token(config))

    def __call__(self, config: str) -> WireToken:
        """Return a token; raises ProtocolError, which librdkafka turns into a failed client."""
        try:
            return self._first.pop()
        except IndexError:
            pass
        try:
            return self._token(config)
        except ProtocolError as error:
            self._on_error(str(error))
            raise

    def _token(self, config: str) -> WireToken:
        try:
            given = self._function(config)
        except Exception as error:  # noqa: BLE001 - the user's function may raise anything
            said = self._redactor(f"{type(error).__name__}: {error}")
            raise ProtocolError(
                f"{self._where}: the token function of {_CALL} raised {said}"
            ) from None
        if isinstance(given, tuple) and given and isinstance(given[0], str):
            self._redactor.add(given[0])
        now_s = (self._clock.now_ns() + self._clock.epoch_offset_ns) / 1e9
        problem = _problem(given, now_s)
        if problem:
            raise ProtocolError(f"{self._where}: the token function of {_CALL} {problem}")
        return _complete(given)


def _complete(given: object) -> WireToken:
    match given:
        case (str() as token, int() | float() as expiry):
            return token, float(expiry), "", {}
        case (str() as token, int() | float() as expiry, Mapping() as extensions):
            return token, float(expiry), "", {str(k): str(v) for k, v in extensions.items()}
    raise TypeError("no token")


def _problem(given: object, now_s: float) -> str | None:
    """Say what is wrong with what a function returned, without showing it: it may be a token."""
    match given:
        case (str() as token, int() | float() as expiry, *rest) if _extensions(rest):
            return _bad_times(token, float(expiry), now_s)
        case tuple():
            kinds = ", ".join(type(item).__name__ for item in given)
            return f"{_WANTED}; it returned ({kinds})"
    return f"{_WANTED}; it returned {type(given).__name__}"


def _extensions(rest: list[object]) -> bool:
    return not rest or (len(rest) == 1 and isinstance(rest[0], Mapping))


def _bad_times(token: str, expiry: float, now_s: float) -> str | None:
    if not token:
        return "returned an empty token"
    if expiry > _MILLISECONDS:
        return "returned an expiry in milliseconds; it is in seconds since 1970"
    if expiry <= now_s:
        return (
            f"returned a token that expired {now_s - expiry:g} s ago; the expiry is in seconds "
            "since 1970, such as time.time() + 300"
        )
    return None
