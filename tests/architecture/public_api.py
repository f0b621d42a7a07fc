"""The names that ``gatlingpy`` exports, with their parameters, one a line.

python -m tests.architecture.public_api > tests/architecture/public_api.txt

writes the snapshot again: what users may rely on has then changed, and the changelog says how.
Types are not in it; ``tests/typing`` holds those.
"""

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from enum import Enum

import gatlingpy
from gatlingpy.dsl import (
    assertion_conditions,
    assertion_targets,
    assertions,
    chain,
    checks,
    closed_injection,
    feeder_files,
    feeders,
    open_injection,
    population,
    scenario,
    setup,
    stages,
    stairs,
    switches,
    throttle,
)
from gatlingpy.protocols.dummy import dsl as dummy_dsl
from gatlingpy.protocols.kafka import protocol_builder, request_builders

BUILDERS = (
    chain.Chain,
    scenario.Scenario,
    population.Population,
    stages.Block,
    stages.Then,
    stages.OrElse,
    switches.Cases,
    switches.Choices,
    switches.Ways,
    setup.SetUp,
    feeders.FeederBuilder,
    feeder_files.FileFeederBuilder,
    open_injection.RampUsersBuilder,
    open_injection.StressPeakUsersBuilder,
    open_injection.ConstantUsersPerSecBuilder,
    open_injection.RampUsersPerSecBuilder,
    open_injection.RampToBuilder,
    open_injection.RateStep,
    stairs.IncrementUsersPerSecBuilder,
    stairs.OpenLevelsBuilder,
    stairs.OpenStairs,
    closed_injection.ConstantConcurrentUsersBuilder,
    closed_injection.RampConcurrentUsersBuilder,
    closed_injection.RampConcurrentToBuilder,
    stairs.IncrementConcurrentUsersBuilder,
    stairs.ClosedLevelsBuilder,
    stairs.ClosedStairs,
    throttle.ReachRpsBuilder,
    assertions.PathBuilder,
    assertions.DetailsBuilder,
    assertion_targets.RequestsBuilder,
    assertion_targets.TimesBuilder,
    assertion_targets.DeliveryBuilder,
    assertion_conditions.ConditionBuilder,
    checks.Extractor,
    checks.JsonExtractor,
    checks.JmesExtractor,
    checks.GroupExtractor,
    checks.ExpectedCheck,
    checks.ResponseEquals,
    checks.ResponseContainsRequest,
    checks.Comparison,
    checks.ConditionalChecks,
    dummy_dsl.DummyBuilder,
    protocol_builder.KafkaProtocolBuilder,
    request_builders.KafkaRequest,
    request_builders.KafkaSendBuilder,
    request_builders.KafkaRequestReplyBuilder,
)
"""Classes that users meet without importing them: each step of a chain of calls returns one."""


def shown(function: Callable[..., object]) -> str:
    """Return the parameters of a function, without their types."""
    signature = inspect.signature(function)
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
    ]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def members(cls: type) -> Iterator[str]:
    """Yield the public members of a class that it has or inherits from gatlingpy."""
    for name in sorted(dir(cls)):
        value = inspect.getattr_static(cls, name)
        if name.startswith("_") or not _is_ours(cls, name):
            continue
        if isinstance(value, property):
            yield f"{cls.__name__}.{name}"
        elif callable(value):
            yield f"{cls.__name__}.{name}{shown(value)}"


def _is_ours(cls: type, name: str) -> bool:
    return any(
        name in vars(base) and base.__module__.startswith("gatlingpy") for base in cls.__mro__
    )


def described(name: str, value: object) -> Iterator[str]:
    """Yield the lines for one exported name."""
    if not isinstance(value, type):
        yield f"{name}{shown(value)}" if callable(value) else name
    elif issubclass(value, Enum):
        yield f"{name}: {', '.join(f'{item.name}={item.value!r}' for item in value)}"
    elif dataclasses.is_dataclass(value):
        yield f"{name}{shown(value)}"
        yield from members(value)
    else:
        yield name
        yield from members(value)


def snapshot() -> Iterator[str]:
    """Yield every line, the exported names first."""
    for name in gatlingpy.__all__:
        yield from described(name, getattr(gatlingpy, name))
    yield ""
    for cls in BUILDERS:
        yield from members(cls)


if __name__ == "__main__":
    print("\n".join(snapshot()))
