"""The part of ``kafka()`` that says how values become bytes and bytes become values."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Self, TypeAlias, TypedDict

from gatlingpy.dsl.where import user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable, Env, SecretFile
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka import arguments
from gatlingpy.protocols.kafka.codecs.builder import CodecBuilder
from gatlingpy.protocols.kafka.codecs.function_codecs import (
    Deserializer,
    FunctionCodec,
    Serializer,
    callable_of,
)
from gatlingpy.protocols.kafka.codecs.plan import (
    CodecPlan,
    RegistryProperty,
    SchemaRegistryPlan,
)
from gatlingpy.protocols.kafka.protocol_base import ProtocolBase

Location: TypeAlias = str | os.PathLike[str] | Env
Secret: TypeAlias = Env | SecretFile

_EXAMPLE: Final = '{"timeout": 5}'


class CompiledCodecs(TypedDict):
    """The fields of the plan that codecs are in."""

    value_codec: CodecPlan | None
    reply_codec: CodecPlan | None
    key_codec: CodecPlan | None
    registry: SchemaRegistryPlan | None


class CodecMethods(ProtocolBase):
    """Codecs and the schema registry."""

    __slots__ = ()

    def schema_registry(
        self,
        url: str | Env,
        basic_auth: tuple[str | Secret, Secret] | None = None,
        ca_location: Location | None = None,
        certificate_location: Location | None = None,
        key_location: Location | None = None,
        key_password: Secret | None = None,
        properties: Mapping[str, RegistryProperty] | None = None,
    ) -> Self:
        """Keep schemas in a registry that speaks Confluent's API; codecs use it by themselves.

        ``basic_auth`` is the user and ``env("...")`` or ``secret_file("...")`` for the password;
        files are PEM.  ``properties`` are those of Confluent's Python client.
        """
        where, call = user_line(), "schema_registry(...)"
        address: object = url
        if not isinstance(address, str | Env) or address == "":
            raise UsageError(f'{where}: {call} takes a URL such as "http://host:8081", got {url!r}')
        given: dict[str, RegistryProperty] = {
            **_credentials(basic_auth, f"{where}: {call}"),
            **_locations(
                where,
                {
                    "ssl.ca.location": ca_location,
                    "ssl.certificate.location": certificate_location,
                    "ssl.key.location": key_location,
                },
            ),
        }
        if key_password is not None:
            given["ssl.key.password"] = key_password
        given.update(arguments.mapping(properties or {}, f"{call}: properties", _EXAMPLE))
        plan = SchemaRegistryPlan(url=url, properties=FrozenMap(given), where=where)
        return self._with(registry=plan)

    def value_codec(self, codec: CodecBuilder) -> Self:
        """Write values with this codec wherever a request says nothing else.

        Replies are read with it as well, unless there is a ``reply_codec``.
        """
        return replace(self, _value_codec=_given(codec, "value_codec(...)"))

    def reply_codec(self, codec: CodecBuilder) -> Self:
        """Read replies and consumed records with this codec."""
        return replace(self, _reply_codec=_given(codec, "reply_codec(...)"))

    def key_codec(self, codec: CodecBuilder) -> Self:
        """Write keys with this codec; checks and correlation see them as they are on the wire."""
        return replace(self, _key_codec=_given(codec, "key_codec(...)"))

    def value_serializer(self, serializer: Serializer) -> Self:
        """Write values with a function of the value, or of the value and the topic."""
        what = f"{user_line()}: value_serializer(...)"
        return replace(self, _value_codec=FunctionCodec(_function(serializer, "serialize", what)))

    def value_deserializer(self, deserializer: Deserializer) -> Self:
        """Read replies with a function of the bytes, or of the bytes and the topic."""
        what = f"{user_line()}: value_deserializer(...)"
        function = _function(deserializer, "deserialize", what)
        return replace(self, _reply_codec=FunctionCodec(None, function))

    def _codecs(self, identity: str, code: CodeTable) -> CompiledCodecs:
        """Return what was given by methods, else what client properties ask for."""
        serdes = self._serdes
        return CompiledCodecs(
            value_codec=_compiled(self._value_codec or serdes.value(), identity, "value", code),
            reply_codec=_compiled(self._reply_codec or serdes.reply(), identity, "reply", code),
            key_codec=_compiled(self._key_codec or serdes.key(), identity, "key", code),
            registry=self.plan.registry or serdes.registry(),
        )


def _compiled(
    builder: CodecBuilder | None, identity: str, part: str, code: CodeTable
) -> CodecPlan | None:
    return None if builder is None else builder.compile(f"{identity}/{part}_codec", code)


def _given(codec: object, what: str) -> CodecBuilder:
    if isinstance(codec, CodecBuilder) and not isinstance(codec, type):
        return codec
    raise UsageError(
        f"{user_line()}: {what} takes AvroCodec(...), ProtobufCodec(...), JsonSchemaCodec(...), "
        f"FunctionCodec(...) or PrimitiveCodec(...), got {codec!r}"
    )


def _function(given: Serializer, method: str, what: str) -> Serializer:
    function = callable_of(given, method, what)
    if function is None:
        raise UsageError(f"{what} takes a function, got None")
    return function


def _locations(where: str, given: Mapping[str, Location | None]) -> dict[str, RegistryProperty]:
    found: dict[str, RegistryProperty] = {}
    for name, value in given.items():
        if isinstance(value, str | Env):
            found[name] = value
        elif isinstance(value, os.PathLike):
            found[name] = str(os.fspath(value))
        elif value is not None:
            raise UsageError(
                f"{where}: schema_registry(...): {name} takes a path or env(...), got {value!r}"
            )
    return found


def _credentials(given: object, what: str) -> dict[str, RegistryProperty]:
    """The password's value is in no message, since it may be one."""
    match given:
        case None:
            return {}
        case (str() | Env() | SecretFile() as user, Env() | SecretFile() as password):
            return {"basic.auth.username": user, "basic.auth.password": password}
    raise UsageError(
        f'{what}: basic_auth is a user and where the password is: ("user", '
        'env("SCHEMA_REGISTRY_PASSWORD")); a password that stands in a simulation is printed and '
        "logged"
    )
