"""A scenario is what chains are, under a name, and may be injected."""

import re

import pytest

from gatlingpy.dsl.closed_injection import constant_concurrent_users
from gatlingpy.dsl.open_injection import at_once_users
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.scenario import scenario
from gatlingpy.dsl.structure import Steps
from gatlingpy.errors import UsageError
from gatlingpy.plan.concurrency import ClosedInjection
from gatlingpy.plan.injection import AtOnceUsers, OpenInjection
from tests.unit.dsl.chains import A


@pytest.mark.parametrize("name", [5, None, b"Shop"])
def test_a_name_is_text(name: object) -> None:
    """Anything else is refused at the user's line."""
    with pytest.raises(UsageError, match=rf"test_scenario\.py:\d+: .* got {re.escape(repr(name))}"):
        scenario(name)  # type: ignore[arg-type]


def test_it_knows_its_line() -> None:
    """Messages about the scenario name the line that began it."""
    assert re.fullmatch(r"tests/unit/dsl/test_scenario\.py:\d+", scenario("Shop").exec(A).where)


def test_it_is_no_chain() -> None:
    """What scenarios share has no name: a scenario cannot be a step of another."""
    assert not isinstance(scenario("Shop"), Steps)


def test_it_is_injected() -> None:
    """An open and a closed profile each make a population of it; the scenario stays as it is."""
    shop = scenario("Shop").exec(A)
    opened = shop.inject_open(at_once_users(2))
    closed = shop.inject_closed(constant_concurrent_users(2).during(5))
    assert isinstance(opened, Population)
    assert opened.scenario is shop
    assert opened.injection == OpenInjection((AtOnceUsers(2),))
    assert isinstance(closed.injection, ClosedInjection)
