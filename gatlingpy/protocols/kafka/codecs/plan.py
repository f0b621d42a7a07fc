"""How values cross the wire, frozen: a codec, and the registry that keeps its schemas."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import Env, SecretFile
from gatlingpy.plan.frozen import FrozenMap

RegistryProperty: TypeAlias = str | int | float | bool | Env | SecretFile
"""A property of the registry's client: a plain value, or where to find what must stay secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaRegistryPlan:
    """How to reach a schema registry; ``properties`` are those of Confluent's client.

    But for ``basic.auth.username`` and ``basic.auth.password``, which that client takes as one.
    """

    url: str | Env
    properties: FrozenMap[RegistryProperty] = field(default_factory=FrozenMap)
    where: str = field(default="", compare=False)

    def describe(self) -> str:
        """Return the URL for a printed plan, or what holds it."""
        return self.url if isinstance(self.url, str) else f"${{{self.url.name}}}"

    def problems(self) -> Iterator[str]:
        """Yield what would keep the registry from being asked, and secrets that stand open."""
        start = f"{self.where}: schema_registry(...)" if self.where else "schema_registry(...)"
        if isinstance(self.url, str):
            for url in self.url.split(","):
                if not url.strip().startswith(("http://", "https://")):
                    yield f'{start} takes a URL such as "http://host:8081", got {url.strip()!r}'
                elif "@" in url:
                    yield (
                        f"{start}: the URL holds a user and a password, and what stands in a "
                        "simulation is printed and logged; give them as "
                        'basic_auth=("user", env("SCHEMA_REGISTRY_PASSWORD"))'
                    )
        for name, value in self.properties.items():
            if name in _SECRETS and not _is_hidden(value):
                variable = name.upper().replace(".", "_")
                yield (
                    f"{start}: {name} is a secret, and what stands in a simulation is printed and "
                    f'logged; give it as env("{variable}"), without a default, or as '
                    'secret_file("path")'
                )
            elif name.startswith(_STORES):
                yield (
                    f"{start}: {name} is for Java, whose key stores are read by Java alone; give "
                    "PEM files as ca_location=..., certificate_location=..., key_location=..."
                )


_SECRETS: Final = frozenset(
    {
        "basic.auth.user.info",
        "basic.auth.password",
        "ssl.key.password",
        "bearer.auth.token",
        "bearer.auth.client.secret",
    }
)
_STORES: Final = ("ssl.truststore.", "ssl.keystore.")


def _is_hidden(value: object) -> bool:
    return isinstance(value, SecretFile) or (isinstance(value, Env) and value.default is None)


class SubjectStrategy(StrEnum):
    """How the registry's subject of a schema is found."""

    TOPIC = "topic"
    """``orders-value``"""
    RECORD = "record"
    """``shop.Order``"""
    TOPIC_RECORD = "topic_record"
    """``orders-shop.Order``"""


@dataclass(frozen=True, slots=True)
class NamedSchema:
    """A schema that another one refers to by name: a record's, or the path of an import."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ReferencePlan:
    """A schema in the registry that another one refers to by name; version 0 is the latest."""

    name: str
    subject: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryUse:
    """What a codec does with the registry."""

    wanted: bool | None = None
    """``None``: it is used if the protocol has one."""
    subject: str = ""
    """The subject; empty: as ``strategy`` says."""
    strategy: SubjectStrategy = SubjectStrategy.TOPIC
    auto_register: bool = True
    use_latest_version: bool = False
    normalize: bool = False
    references: tuple[ReferencePlan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecPlan:
    """How values are written and read; one subclass for each format."""

    where: str = field(default="", compare=False)

    @property
    def serialization(self) -> SerializationType:
        """What checks call values of this format."""
        raise NotImplementedError

    @property
    def registry_use(self) -> RegistryUse | None:
        """What it does with a registry; ``None`` for a format that no registry knows."""
        return None

    @property
    def writes(self) -> bool:
        """Whether values can be written with it."""
        return True

    @property
    def reads(self) -> bool:
        """Whether values can be read with it."""
        return True

    def uses_registry(self, registry: SchemaRegistryPlan | None) -> bool:
        """Whether its schemas are in the registry of a protocol that has this one, or none."""
        use = self.registry_use
        return use is not None and (registry is not None if use.wanted is None else use.wanted)

    def problems(self, registry: SchemaRegistryPlan | None) -> Iterator[str]:
        """Yield what would keep values from being written or read, without any I/O."""
        if registry is None and self.uses_registry(None):
            yield (
                f"{self.place}: registry=True, but the protocol has no schema registry; add "
                '.schema_registry("http://host:8081") to kafka()'
            )

    def warnings(self) -> Iterator[str]:
        """Yield what a user should know of it before the run."""
        return iter(())

    @property
    def place(self) -> str:
        """How a message about this codec begins."""
        name = f"{self.serialization} codec"
        return f"{self.where}: {name}" if self.where else f"the {name}"

    def describe(self) -> str:
        """Return a few words for a printed plan."""
        return str(self.serialization)
