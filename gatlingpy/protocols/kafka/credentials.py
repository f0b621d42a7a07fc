"""What the clients of one cluster prove themselves with during one run."""

from collections.abc import Callable, Iterator, Mapping

from gatlingpy.errors import ProtocolError
from gatlingpy.plan.code import SecretFile
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.credential_files import file_problems
from gatlingpy.protocols.kafka.oauth import TokenSource
from gatlingpy.protocols.kafka.plan import KafkaProtocol, Property
from gatlingpy.protocols.kafka.redaction import Redactor
from gatlingpy.protocols.kafka.security import SECRETS, laid_over
from gatlingpy.spi import Services


class Credentials:
    """Properties that every client gets, tokens, and the secrets that nobody may be told."""

    def __init__(
        self,
        plan: KafkaProtocol,
        services: Services,
        on_error: Callable[[str], None],
        *,
        embedded: bool,
    ) -> None:
        """Nothing is read yet.  The embedded broker, which knows no security, is asked for none."""
        self._security: FrozenMap[Property] = FrozenMap() if embedded else plan.security
        self.redactor = Redactor()
        self._token: TokenSource | None = None
        if plan.oauth_token is not None and not embedded:
            function, where = services.code[plan.oauth_token], plan.oauth_token.where
            clock = services.clock
            self._token = TokenSource(function, where, self.redactor, on_error, clock)

    def under(self, properties: Mapping[str, Property]) -> Mapping[str, Property]:
        """Lay a client's own properties over those of every client."""
        return laid_over(self._security, properties)

    def learn(self, given: Mapping[str, Property], resolved: Mapping[str, object]) -> None:
        """Remember the secrets among a client's properties, and look into the files they name.

        Raises ProtocolError with everything that is wrong.
        """
        self.redactor.add(*_secrets(given, resolved))
        problems = tuple(file_problems(resolved))
        if problems:
            raise ProtocolError(self.redactor("; ".join(problems)))

    def ask_for_token(self, resolved: Mapping[str, object]) -> None:
        """Have the user's function give the first token; raises ProtocolError if it does not."""
        if self._token is not None and _wants_token(resolved):
            self._token.check(str(resolved.get("sasl.oauthbearer.config", "")))

    def callbacks(self, resolved: Mapping[str, object]) -> dict[str, object]:
        """Return the callbacks that a client with these properties needs."""
        if self._token is None or not _wants_token(resolved):
            return {}
        return {"oauth_cb": self._token}


def _wants_token(resolved: Mapping[str, object]) -> bool:
    return (
        resolved.get("sasl.mechanism") == "OAUTHBEARER"
        and str(resolved.get("security.protocol", "")).lower().startswith("sasl")
        and resolved.get("sasl.oauthbearer.method", "default") == "default"
    )


def _secrets(given: Mapping[str, Property], resolved: Mapping[str, object]) -> Iterator[object]:
    for name, value in resolved.items():
        if name in SECRETS or isinstance(given.get(name), SecretFile):
            yield value
    # So it crosses the wire to a token endpoint.
    secret = resolved.get("sasl.oauthbearer.client.secret")
    if secret:
        yield f"{resolved.get('sasl.oauthbearer.client.id', '')}:{secret}"
