"""The client of Confluent's library for schema registries, behind ``RegistryClient``."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from gatlingpy.protocols.kafka.codecs.registry import (
    Reference,
    Registered,
    RegistryFailure,
    RegistrySchema,
)

T = TypeVar("T")

_LONGEST_REASON: Final = 300


class ConfluentRegistryClient:
    """Asks a registry over HTTP (``RegistryClient``)."""

    def __init__(self, properties: Mapping[str, object]) -> None:
        """Make the client; raises ValueError for a property that it does not know."""
        from confluent_kafka.schema_registry import SchemaRegistryClient

        self._client: Any = SchemaRegistryClient(dict(properties))

    def register(self, subject: str, schema: RegistrySchema, *, normalize: bool) -> int:
        """Register a schema and return its id."""
        return int(_asked(lambda: self._client.register_schema(subject, _given(schema), normalize)))

    def look_up(self, subject: str, schema: RegistrySchema, *, normalize: bool) -> Registered:
        """Find a schema under a subject."""
        return _registered(
            _asked(lambda: self._client.lookup_schema(subject, _given(schema), normalize))
        )

    def version(self, subject: str, version: int) -> Registered:
        """Return a version; 0 is the latest."""
        if version == 0:
            return _registered(_asked(lambda: self._client.get_latest_version(subject)))
        return _registered(_asked(lambda: self._client.get_version(subject, version)))

    def versions(self, subject: str) -> Sequence[int]:
        """Return the numbers of all versions."""
        return [int(number) for number in _asked(lambda: self._client.get_versions(subject))]

    def schema(self, schema_id: int) -> RegistrySchema:
        """Return a schema by its id."""
        return _schema(_asked(lambda: self._client.get_schema(schema_id)))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def _asked(ask: Callable[[], T]) -> T:
    from confluent_kafka.schema_registry.error import SchemaRegistryError

    try:
        return ask()
    except SchemaRegistryError as error:
        message = str(error.error_message)[:_LONGEST_REASON]
        raise RegistryFailure(error.http_status_code, error.error_code, message) from error
    except Exception as error:
        # The HTTP client's own, of whatever library it is.
        reason = str(error)[:_LONGEST_REASON] or type(error).__name__
        raise RegistryFailure(0, 0, reason) from error


def _given(schema: RegistrySchema) -> object:
    from confluent_kafka.schema_registry import Schema
    from confluent_kafka.schema_registry.schema_registry_client import SchemaReference

    references = [SchemaReference(*reference) for reference in schema.references]
    return Schema(schema.text, schema.kind, references)


def _registered(found: Any) -> Registered:
    return Registered(int(found.schema_id), int(found.version), _schema(found.schema))


def _schema(found: Any) -> RegistrySchema:
    references = tuple(
        Reference(reference.name, reference.subject, int(reference.version))
        for reference in found.references or ()
    )
    return RegistrySchema(found.schema_type or "AVRO", found.schema_str, references)
