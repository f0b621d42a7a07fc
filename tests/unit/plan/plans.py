"""Plans for tests: a whole one, its parts, and strategies that draw any."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from gatlingpy.plan import assertions, checks, feeders, injection
from gatlingpy.plan.checks import Check
from gatlingpy.plan.code import CodeRef, Const, Env, Expr, Template
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.loops import Forever, Repeat
from gatlingpy.plan.pauses import Pause
from gatlingpy.plan.simulation import Population, Scenario, SimulationPlan, SourceRef
from gatlingpy.plan.steps import Exec, Feed, Group, ProtocolPlan, RequestPlan, Step

S = 1_000_000_000
EMPTY = Const("")
NO_HEADERS: FrozenMap[Expr] = FrozenMap()
SOURCE = SourceRef("simulations.pay", "Pay", "ab" * 32)


@dataclass(frozen=True, slots=True, kw_only=True)
class EchoProtocol(ProtocolPlan):
    """A protocol for tests."""

    secret: Env | str = ""
    trouble: str = ""

    @property
    def kind(self) -> str:
        """``echo``."""
        return "echo"

    def problems(self) -> Iterator[str]:
        """Yield the trouble that it was given."""
        return iter((self.trouble,) if self.trouble else ())

    def describe(self) -> str:
        """Return one line."""
        return "echo      in this process"


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo(RequestPlan):
    """A request for tests."""

    value: Expr = EMPTY
    headers: FrozenMap[Expr] = NO_HEADERS
    checks: tuple[Check, ...] = ()
    trouble: str = ""

    @property
    def kind(self) -> str:
        """``echo``."""
        return "echo"

    def problems(self) -> Iterator[str]:
        """Yield the trouble that it was given."""
        return iter((self.trouble,) if self.trouble else ())

    def describe(self) -> tuple[str, ...]:
        """Return two lines."""
        return (f"echo   {self.label}", f"value  {self.value}")


def request(name: str = "Pay", protocol: str = "echo") -> Echo:
    """Return a request."""
    return Echo(name=Const(name), protocol=protocol, where="pay.py:20")


def plan_of(*steps: Step, injected: tuple[injection.OpenStep, ...] = ()) -> SimulationPlan:
    """Return a plan of one scenario with these steps, and nothing wrong but with them."""
    return SimulationPlan(
        name="Pay",
        source=SOURCE,
        scenarios=(Scenario("Payments", steps or (request(),), "pay.py:10"),),
        populations=(
            Population(
                "Payments",
                injection.OpenInjection(injected or (injection.AtOnceUsers(1),)),
                where="pay.py:11",
            ),
        ),
        protocols=(EchoProtocol(id="echo", where="pay.py:5"),),
        where="simulations/pay.py",
    )


def with_scenarios(plan: SimulationPlan, *scenarios: Scenario) -> SimulationPlan:
    """Return a plan with other scenarios."""
    return replace(plan, scenarios=scenarios)


TYPES: tuple[type, ...] = (
    EchoProtocol, Echo, SimulationPlan, SourceRef, Scenario, Population, Const, Template, CodeRef, Env,
    Pause, Exec, Group, Repeat, Forever, Feed,
    injection.OpenInjection, injection.NothingFor, injection.AtOnceUsers, injection.RampUsers,
    injection.ConstantUsersPerSec, injection.RampUsersPerSec,
    feeders.Feeder, feeders.CsvSource, feeders.RecordsSource, feeders.CodeSource, feeders.Strategy,
    assertions.Assertion, assertions.GlobalPath, assertions.ForAllPath, assertions.DetailsPath,
    assertions.ResponseTimeTarget, assertions.CountTarget, assertions.PercentTarget,
    assertions.RequestsPerSecTarget, assertions.Compare, assertions.Between, assertions.In,
    assertions.Statistic, assertions.Metric, assertions.Comparison,
    checks.ExtractCheck, checks.JsonPathExtract, checks.SerializationType, checks.ValueType,
    checks.BodyExtract, checks.RegexExtract, checks.SubstringExtract, checks.Find,
    checks.Expectation, checks.MessageCheckPlan, checks.ResponseEqualsCheck,
)  # fmt: skip

texts = st.text(st.characters(exclude_categories=()), max_size=12)
floats = st.floats(allow_nan=False)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), floats, texts, st.binary(max_size=8))


def maps(values: st.SearchStrategy[object]) -> st.SearchStrategy[FrozenMap[object]]:
    """Draw frozen maps."""
    return st.dictionaries(texts, values, max_size=3).map(FrozenMap)


frozen_data = st.recursive(
    scalars,
    lambda inner: st.one_of(maps(inner), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=6,
)
refs = st.builds(CodeRef, texts, texts)
exprs = st.one_of(
    st.builds(Const, st.one_of(frozen_data, st.builds(Env, texts, scalars))),
    st.builds(Template, texts),
    refs,
)
extract_checks = st.builds(
    checks.ExtractCheck,
    st.one_of(
        st.builds(checks.JsonPathExtract, texts),
        st.builds(checks.SubstringExtract, texts),
        st.builds(
            checks.BodyExtract, st.one_of(st.none(), st.sampled_from(checks.SerializationType))
        ),
    ),
    find=st.sampled_from(checks.Find),
    expectation=st.sampled_from(checks.Expectation),
    expected=exprs,
    save_as=texts,
    where=texts,
)
requests = st.builds(
    Echo,
    name=exprs,
    protocol=texts,
    where=texts,
    value=exprs,
    headers=maps(exprs),
    checks=st.lists(extract_checks, max_size=2).map(tuple),
)
steps = st.recursive(
    st.one_of(
        requests,
        st.builds(Pause, exprs, st.one_of(st.none(), exprs), texts),
        st.builds(Exec, refs, st.booleans(), texts),
        st.builds(Feed, texts, exprs, texts),
    ),
    lambda inner: st.one_of(
        st.builds(Group, exprs, st.lists(inner, max_size=3).map(tuple), texts),
        st.builds(Repeat, exprs, texts, st.lists(inner, max_size=3).map(tuple), texts),
        st.builds(Forever, texts, st.lists(inner, max_size=3).map(tuple), texts),
    ),
    max_leaves=6,
)
open_steps = st.one_of(
    st.builds(injection.NothingFor, st.integers(0, 90 * S)),
    st.builds(injection.AtOnceUsers, st.integers(0, 100)),
    st.builds(injection.RampUsers, st.integers(0, 100), st.integers(0, 90 * S)),
    st.builds(injection.ConstantUsersPerSec, st.floats(0, 100), st.integers(0, 90 * S)),
    st.builds(injection.RampUsersPerSec, st.floats(0, 9), st.floats(0, 9), st.integers(0, 90 * S)),
)
all_assertions = st.builds(
    assertions.Assertion,
    st.one_of(
        st.builds(assertions.GlobalPath),
        st.builds(assertions.ForAllPath),
        st.builds(assertions.DetailsPath, st.lists(texts, max_size=2).map(tuple)),
    ),
    st.one_of(
        st.builds(assertions.CountTarget, st.sampled_from(assertions.Metric)),
        st.builds(assertions.PercentTarget, st.sampled_from(assertions.Metric)),
        st.builds(
            assertions.ResponseTimeTarget, st.sampled_from(assertions.Statistic), st.floats(0, 100)
        ),
        st.builds(assertions.RequestsPerSecTarget),
    ),
    st.one_of(
        st.builds(assertions.Compare, st.sampled_from(assertions.Comparison), st.floats(0, 1e6)),
        st.builds(assertions.Between, st.floats(0, 9), st.floats(0, 9), st.booleans()),
        st.builds(assertions.In, st.lists(st.floats(0, 9), max_size=2).map(tuple)),
    ),
    texts,
)
all_feeders = st.builds(
    feeders.Feeder,
    texts,
    st.one_of(
        st.builds(feeders.CsvSource, texts),
        st.builds(feeders.RecordsSource, st.lists(maps(scalars), max_size=2).map(tuple)),
        st.builds(feeders.CodeSource, refs),
    ),
    st.sampled_from(feeders.Strategy),
    texts,
)
whole_plans = st.builds(
    lambda name, scenario, injected, feeds, demands, longest, seed: SimulationPlan(
        name=name,
        source=SOURCE,
        scenarios=(scenario,),
        populations=(Population(scenario.name, injection.OpenInjection(injected), where="pay.py:11"),),
        protocols=(EchoProtocol(id="echo", secret=Env("SECRET", "default")),),
        feeders=feeds,
        assertions=demands,
        max_duration_ns=longest,
        seed=seed,
    ),
    texts,
    st.builds(Scenario, texts, st.lists(steps, max_size=3).map(tuple), texts),
    st.lists(open_steps, max_size=3).map(tuple),
    st.lists(all_feeders, max_size=2).map(tuple),
    st.lists(all_assertions, max_size=2).map(tuple),
    st.one_of(st.none(), st.integers(0, 10**15)),
    st.integers(),
)
