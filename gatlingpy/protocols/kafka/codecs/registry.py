"""A schema registry at work: registers, looks up and fetches schemas, and says what went wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol, TypeAlias, TypeVar

from gatlingpy.errors import ProtocolError, UsageError
from gatlingpy.plan.code import Env, SecretFile
from gatlingpy.protocols.kafka.codecs.plan import RegistryUse, SchemaRegistryPlan

T = TypeVar("T")

_VERSIONS_READ_AHEAD: Final = 20
"""Of how many versions of a subject, the newest, the schemas are fetched before the run."""

_DEFAULTS: Final[Mapping[str, object]] = {
    # The client would wait for ever, and sleep for seconds between tries.
    "timeout": 10,
    "max.retries": 2,
    "retries.wait.ms": 200,
    "retries.max.wait.ms": 1_000,
}


class Reference(NamedTuple):
    """A schema that another one refers to by name."""

    name: str
    subject: str
    version: int


class RegistrySchema(NamedTuple):
    """A schema as the registry has it."""

    kind: str
    """``AVRO``, ``PROTOBUF`` or ``JSON``."""
    text: str
    references: tuple[Reference, ...] = ()


class Registered(NamedTuple):
    """A schema and where it is."""

    schema_id: int
    version: int
    schema: RegistrySchema


class RegistryFailure(Exception):  # noqa: N818 - what happened
    """What the registry, or the way to it, said no with; ``status`` is 0 without an answer."""

    def __init__(self, status: int, code: int, message: str) -> None:
        """``code`` is the registry's own, such as 40401."""
        super().__init__(message)
        self.status = status
        self.code = code


class RegistryClient(Protocol):
    """What asks the registry; every method raises RegistryFailure."""

    def register(self, subject: str, schema: RegistrySchema, *, normalize: bool) -> int:
        """Register a schema and return its id."""

    def look_up(self, subject: str, schema: RegistrySchema, *, normalize: bool) -> Registered:
        """Find a schema under a subject."""

    def version(self, subject: str, version: int) -> Registered:
        """Return a version; 0 is the latest."""

    def versions(self, subject: str) -> Sequence[int]:
        """Return the numbers of all versions."""

    def schema(self, schema_id: int) -> RegistrySchema:
        """Return a schema by its id."""

    def close(self) -> None:
        """Close the connection."""


Connect: TypeAlias = Callable[[Mapping[str, object]], RegistryClient]
"""Makes a client from its properties; raises ValueError, or anything else, for bad ones."""


class Registry:
    """One registry.  Every method blocks, for seconds at most, and raises ProtocolError."""

    def __init__(self, plan: SchemaRegistryPlan, connect: Connect) -> None:
        """Make the client; nothing is asked yet."""
        self._where = f"{plan.where}: " if plan.where else ""
        try:
            properties = _properties(plan)
        except UsageError as error:
            raise ProtocolError(f"{self._where}schema_registry(...): {error}") from error
        self._url = str(properties["url"])
        try:
            self._client = connect(properties)
        except Exception as error:
            raise ProtocolError(
                f"{self._where}schema_registry(...) at {self._url} cannot be used: {error}"
            ) from error

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def settle(self, subject: str, schema: RegistrySchema, use: RegistryUse) -> Registered:
        """Return where a schema to be written is: registered, looked up, or the latest."""
        if use.use_latest_version:
            return self.latest(subject, schema.kind)
        try:
            if use.auto_register:
                schema_id = self._client.register(subject, schema, normalize=use.normalize)
                return Registered(schema_id, 0, schema)
            return self._client.look_up(subject, schema, normalize=use.normalize)
        except RegistryFailure as failure:
            raise self._refused(failure, subject, use) from failure

    def latest(self, subject: str, kind: str) -> Registered:
        """Return the latest version of a subject, which must be of this kind."""
        try:
            found = self._client.version(subject, 0)
        except RegistryFailure as failure:
            raise self._refused(failure, subject, None) from failure
        if found.schema.kind != kind:
            raise ProtocolError(
                f"{self._where}the subject {subject!r} of the schema registry at {self._url} has "
                f"a schema of kind {found.schema.kind}, not {kind}; give the codec another subject"
            )
        return found

    def versioned(self, subject: str, schema: RegistrySchema, use: RegistryUse) -> int:
        """Return the version of a schema that others refer to, registered if it may be."""
        try:
            if use.auto_register and not use.use_latest_version:
                self._client.register(subject, schema, normalize=use.normalize)
            return self._client.look_up(subject, schema, normalize=use.normalize).version
        except RegistryFailure as failure:
            raise self._refused(failure, subject, use) from failure

    def version(self, subject: str, version: int) -> Registered:
        """Return a version of a subject; 0 is the latest."""
        return self._asked(lambda: self._client.version(subject, version), subject)

    def known(self, subject: str) -> list[Registered]:
        """Return the newest versions of a subject, none if it is not there or not for us to list.

        What is not known ahead is fetched when a frame names it.
        """
        try:
            numbers = sorted(self._client.versions(subject))[-_VERSIONS_READ_AHEAD:]
            return [self._client.version(subject, number) for number in numbers]
        except RegistryFailure as failure:
            if failure.status in {403, 404}:
                return []
            raise self._refused(failure, subject, None) from failure

    def schema(self, schema_id: int) -> RegistrySchema:
        """Return a schema by its id."""
        try:
            return self._client.schema(schema_id)
        except RegistryFailure as failure:
            if failure.status == 404:
                raise ProtocolError(
                    f"the schema registry at {self._url} knows no schema with the id {schema_id}"
                ) from failure
            raise self._refused(failure, f"id {schema_id}", None) from failure

    def _asked(self, ask: Callable[[], T], subject: str) -> T:
        try:
            return ask()
        except RegistryFailure as failure:
            raise self._refused(failure, subject, None) from failure

    def _refused(
        self, failure: RegistryFailure, subject: str, use: RegistryUse | None
    ) -> ProtocolError:
        """Return what to tell: what, where, got, remedy."""
        who = f"{self._where}the schema registry at {self._url}"
        if failure.status == 0:
            return ProtocolError(
                f"{who} cannot be reached: {failure}; check the URL, and that it runs"
            )
        said = f"{failure.status} {failure}"
        return ProtocolError(f"{who} {_remedied(failure.status, said, subject, use)}")


def _remedied(status: int, said: str, subject: str, use: RegistryUse | None) -> str:
    match status:
        case 401 | 403:
            return (
                f"does not let us in ({said}); give it to schema_registry(...) as "
                'basic_auth=("user", env("SCHEMA_REGISTRY_PASSWORD")), with the rights to '
                f"{subject!r}"
            )
        case 404 if use is None:
            return f"has no subject {subject!r} ({said}); register a schema there, or give one"
        case 404:
            return (
                f"does not have this schema under {subject!r} ({said}); register it, or let "
                "gatlingpy do so with auto_register=True"
            )
        case 409:
            return (
                f"takes the schema for incompatible with {subject!r} ({said}); use a schema that "
                "its compatibility rule allows, another subject, or use_latest_version=True"
            )
    return f"did not answer for {subject!r} as it should: {said}"


def _properties(plan: SchemaRegistryPlan) -> dict[str, object]:
    """Return the client's properties; raises UsageError for a secret that is not there."""
    given = {name: _resolved(value) for name, value in plan.properties.items()}
    user, password = given.pop("basic.auth.username", None), given.pop("basic.auth.password", None)
    if password is not None:
        given["basic.auth.user.info"] = f"{user}:{password}"
    return {**_DEFAULTS, **given, "url": _resolved(plan.url)}


def _resolved(value: object) -> object:
    return value.resolve() if isinstance(value, Env | SecretFile) else value
