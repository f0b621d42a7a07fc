"""A plan is frozen all the way down, and travels: to JSON and back, and to other machines."""

import dataclasses
import importlib
import json
import os
import pkgutil
import shutil
import subprocess
import sys
import types
import typing
from enum import Enum
from pathlib import Path

import pytest

import gatlingpy.plan
from gatlingpy.plan.codec import Decoder, encode, fingerprint, to_json
from gatlingpy.plan.frozen import FrozenMap, thaw_points
from gatlingpy.plan.simulation import SimulationPlan
from gatlingpy.plan.steps import Step
from gatlingpy.protocols.dummy.plan import PLAN_TYPES as DUMMY_TYPES
from gatlingpy.protocols.kafka.plan_types import PLAN_TYPES as KAFKA_TYPES
from tests.architecture import plans

ROOT = Path(__file__).parents[2]
SCALARS = (type(None), bool, int, float, str, bytes)
CONTAINERS = (types.UnionType, typing.Union, tuple, FrozenMap)
FREE = {
    ("Const", "value"),
    ("Structure", "value"),
    ("Env", "default"),
    ("RecordsSource", "records"),
}
"""Fields of any frozen data: what users give, frozen and checked when the plan is compiled."""


def plan_classes() -> list[type]:
    """Return every dataclass and enum of the modules that plans are made of."""
    names = [m.name for m in pkgutil.iter_modules(gatlingpy.plan.__path__, "gatlingpy.plan.")]
    found = []
    for name in [
        *names,
        "gatlingpy.protocols.kafka.plan",
        "gatlingpy.protocols.kafka.requests",
        "gatlingpy.protocols.kafka.correlation",
        "gatlingpy.protocols.kafka.codecs.plan",
        "gatlingpy.protocols.dummy.plan",
    ]:
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and value.__module__ == name:
                found += (
                    [value] if dataclasses.is_dataclass(value) or issubclass(value, Enum) else []
                )
    return found


CLASSES = plan_classes()
COMPILED = plans.compiled()
DECODER = Decoder({*CLASSES, *KAFKA_TYPES, *DUMMY_TYPES})


def reachable(hint: object, seen: set[type]) -> list[str]:
    """Return what cannot be in a plan among the types that a hint allows; walks into classes."""
    if hint in SCALARS or isinstance(hint, typing.TypeVar):
        return []
    if typing.get_origin(hint) in CONTAINERS:
        inside = [argument for argument in typing.get_args(hint) if argument is not ...]
        return [point for argument in inside for point in reachable(argument, seen)]
    if not isinstance(hint, type):
        return [f"{hint!r} is no type of a plan"]
    if hint in seen or issubclass(hint, Enum):
        return []
    seen.add(hint)
    if not dataclasses.is_dataclass(hint):
        return [f"{hint.__name__} is no plan class"]
    below = [point for cls in hint.__subclasses__() for point in reachable(cls, seen)]
    return _below(hint, seen) + below


def _below(cls: type, seen: set[type]) -> list[str]:
    # Blocks hold steps, and steps are blocks: the modules of blocks cannot import that name.
    hints = typing.get_type_hints(cls, localns={"Step": Step})
    return [
        f"{cls.__name__}.{field.name}: {point}"
        for field in dataclasses.fields(cls)
        if (cls.__name__, field.name) not in FREE
        for point in reachable(hints[field.name], seen)
    ]


def test_no_field_of_a_plan_may_hold_what_can_change() -> None:
    """From the whole plan down, its types are scalars, tuples, FrozenMaps, enums and plan classes."""
    seen: set[type] = set()
    assert reachable(SimulationPlan, seen) == []
    assert {
        "KafkaRequestReply",
        "KafkaProtocol",
        "ExtractCheck",
        "CsvSource",
        "Choice",
        "Truth",
    } <= {c.__name__ for c in seen}


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_plan_class_is_frozen_and_has_slots(cls: type) -> None:
    """No attribute can be set, and none can be added."""
    if issubclass(cls, Enum):
        return
    assert cls.__dataclass_params__.frozen
    assert all("__slots__" in vars(base) for base in cls.__mro__[:-1])


def test_names_of_plan_classes_differ() -> None:
    """JSON tells them apart by their names alone."""
    names = [cls.__name__ for cls in CLASSES]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("compiled", COMPILED, ids=lambda c: c.plan.name)
class TestCompiled:
    """What a compiled simulation's plan must keep."""

    def test_it_cannot_be_thawed(self, compiled: plans.Compiled) -> None:
        """There is no place in it that could change."""
        assert thaw_points(compiled.plan) == []

    def test_it_hashes_and_compares(self, compiled: plans.Compiled) -> None:
        """Compiled twice it is equal; nothing but names of functions stands for code."""
        again = next(c for c in plans.compiled() if c.plan.name == compiled.plan.name)
        assert again.plan == compiled.plan
        assert hash(again.plan) == hash(compiled.plan)
        assert fingerprint(again.plan) == fingerprint(compiled.plan)
        assert to_json(again.plan) == to_json(compiled.plan)

    def test_it_comes_back_from_json(self, compiled: plans.Compiled) -> None:
        """As the same plan: equal, of the same fingerprint and text."""
        text = to_json(compiled.plan)
        again = DECODER.decode(json.loads(text))
        assert again == compiled.plan
        assert to_json(again) == text
        assert fingerprint(again) == fingerprint(compiled.plan)
        assert thaw_points(again) == []

    def test_it_holds_no_path_of_this_machine(self, compiled: plans.Compiled) -> None:
        """Nor its user's name, which most paths hold."""
        text = json.dumps(encode(compiled.plan))
        assert str(ROOT) not in text
        assert str(Path.home()) not in text


def test_different_plans_have_different_fingerprints() -> None:
    """A change of any content changes the name."""
    plan = COMPILED[0].plan
    others = [
        dataclasses.replace(plan, seed=plan.seed + 1),
        dataclasses.replace(plan, max_duration_ns=None),
        dataclasses.replace(plan, assertions=plan.assertions[:-1]),
        dataclasses.replace(plan, populations=plan.populations[::-1]),
        dataclasses.replace(plan, name="Other"),
    ]
    prints = {fingerprint(p) for p in (plan, *others)}
    assert len(prints) == 6
    assert fingerprint(dataclasses.replace(plan, where="elsewhere.py:1")) == fingerprint(plan)


PRINT = """
from gatlingpy import compile_plan
from gatlingpy.plan.codec import fingerprint
from simulations.payment import PaymentSimulation
print(fingerprint(compile_plan(PaymentSimulation).plan))
"""


def test_a_fingerprint_is_the_same_in_every_process_and_folder(tmp_path: Path) -> None:
    """Whatever the hash seed, the working folder, and where the simulation lies."""
    shutil.copytree(ROOT / "simulations", tmp_path / "a copy" / "simulations")
    prints = set()
    for seed, home in (("1", ROOT), ("2", tmp_path / "a copy")):
        for folder in (home, tmp_path):
            ended = subprocess.run(
                [sys.executable, "-c", PRINT], cwd=folder, capture_output=True, text=True, check=True,
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{home}:{ROOT}"},
            )  # fmt: skip
            prints.add(ended.stdout.strip())
    assert prints == {fingerprint(COMPILED[1].plan)}
