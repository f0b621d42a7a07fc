"""Plans for tests: a whole one, its parts, and strategies that draw any."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from gatlingpy.plan import (
    assertions,
    branches,
    checks,
    conditions,
    exits,
    feeders,
    injection,
    loops,
    pauses,
)
from gatlingpy.plan.checks import Check
from gatlingpy.plan.code import CodeRef, Const, Env, Expr, Template
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.simulation import Population, Scenario, SimulationPlan, SourceRef
from gatlingpy.plan.steps import Exec, Feed, Group, ProtocolPlan, RequestPlan, Step
from tests.unit.plan.loads import LOAD_TYPES, lengths, maybe_throttles, of_scenario, populations

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


STEP_TYPES: tuple[type, ...] = (
    Exec, Group, Feed, pauses.Pause, pauses.Pace, pauses.RendezVous,
    pauses.DisabledPauses, pauses.ConstantPauses, pauses.ExponentialPauses, pauses.CustomPauses,
    pauses.UniformPercentagePauses, pauses.UniformDurationPauses,
    pauses.NormalPercentagePauses, pauses.NormalDurationPauses,
    loops.Repeat, loops.Foreach, loops.During, loops.AsLongAs, loops.DoWhile, loops.Forever,
    branches.If, branches.Case, branches.Switch, branches.Choice, branches.RandomSwitch,
    branches.UniformRandomSwitch, branches.RoundRobinSwitch,
    conditions.Truth, conditions.Equal,
    exits.TryMax, exits.ExitHere, exits.ExitHereIfFailed, exits.StopLoadGenerator,
)  # fmt: skip
TYPES: tuple[type, ...] = (
    EchoProtocol, Echo, SimulationPlan, SourceRef, Scenario, Population, Const, Template, CodeRef, Env,
    *STEP_TYPES,
    *LOAD_TYPES,
    feeders.Feeder, feeders.CsvSource, feeders.RecordsSource, feeders.CodeSource, feeders.Strategy,
    feeders.JsonFileSource, feeders.JsonLinesSource, feeders.SqlSource, feeders.GeneratedSource,
    feeders.ZippedSource,
    assertions.Assertion, assertions.GlobalPath, assertions.ForAllPath, assertions.DetailsPath,
    assertions.ResponseTimeTarget, assertions.CountTarget, assertions.PercentTarget,
    assertions.RequestsPerSecTarget, assertions.Compare, assertions.Between, assertions.In,
    assertions.Statistic, assertions.Metric, assertions.Comparison,
    assertions.LagTarget, assertions.LagKind, assertions.GaugeTarget, assertions.Reading,
    assertions.DeliveryTarget, assertions.Delivery,
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
percents = st.floats(0, 200)
pause_types = st.one_of(
    st.builds(pauses.DisabledPauses),
    st.builds(pauses.ConstantPauses),
    st.builds(pauses.ExponentialPauses),
    st.builds(pauses.CustomPauses, exprs),
    st.builds(pauses.UniformPercentagePauses, percents),
    st.builds(pauses.UniformDurationPauses, lengths),
    st.builds(pauses.NormalPercentagePauses, percents),
    st.builds(pauses.NormalDurationPauses, lengths),
)
maybe_exprs = st.one_of(st.none(), exprs)
conditions_ = st.one_of(
    st.builds(conditions.Truth, exprs), st.builds(conditions.Equal, exprs, exprs)
)
maybe_conditions = st.one_of(st.none(), conditions_)
leaves = st.one_of(
    requests,
    st.builds(pauses.Pause, exprs, maybe_exprs, st.one_of(st.none(), pause_types), texts),
    st.builds(pauses.Pace, exprs, maybe_exprs, texts, texts),
    st.builds(pauses.RendezVous, st.integers(), texts),
    st.builds(Exec, refs, st.booleans(), texts),
    st.builds(Feed, texts, exprs, texts),
    st.builds(exits.ExitHere, maybe_conditions, texts),
    st.builds(exits.ExitHereIfFailed, texts),
    st.builds(exits.StopLoadGenerator, exprs, maybe_conditions, st.booleans(), texts),
)


def _loops(bodies: st.SearchStrategy[tuple[Step, ...]]) -> st.SearchStrategy[Step]:
    asap = st.booleans()
    return st.one_of(
        st.builds(loops.Repeat, exprs, texts, bodies, texts),
        st.builds(loops.Foreach, exprs, texts, texts, bodies, texts),
        st.builds(loops.During, exprs, texts, asap, bodies, texts),
        st.builds(loops.AsLongAs, conditions_, maybe_exprs, texts, asap, bodies, texts),
        st.builds(loops.DoWhile, conditions_, maybe_exprs, texts, asap, bodies, texts),
        st.builds(loops.Forever, texts, bodies, texts),
        st.builds(exits.TryMax, exprs, texts, bodies, texts),
    )


def _branches(bodies: st.SearchStrategy[tuple[Step, ...]]) -> st.SearchStrategy[Step]:
    cases = st.lists(st.builds(branches.Case, exprs, bodies), max_size=2).map(tuple)
    choices = st.lists(st.builds(branches.Choice, percents, bodies), max_size=2).map(tuple)
    ways = st.lists(bodies, max_size=2).map(tuple)
    return st.one_of(
        st.builds(branches.If, conditions_, bodies, bodies, texts),
        st.builds(branches.Switch, exprs, cases, bodies, texts),
        st.builds(branches.RandomSwitch, choices, bodies, texts),
        st.builds(branches.UniformRandomSwitch, ways, texts),
        st.builds(branches.RoundRobinSwitch, ways, texts),
    )


def _blocks(inner: st.SearchStrategy[Step]) -> st.SearchStrategy[Step]:
    bodies = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(st.builds(Group, exprs, bodies, texts), _loops(bodies), _branches(bodies))


steps = st.recursive(leaves, _blocks, max_leaves=6)
_statistics, _ranks = st.sampled_from(assertions.Statistic), st.floats(0, 100)
_metrics = st.sampled_from(assertions.Metric)
all_assertions = st.builds(
    assertions.Assertion,
    st.one_of(
        st.builds(assertions.GlobalPath),
        st.builds(assertions.ForAllPath),
        st.builds(assertions.DetailsPath, st.lists(texts, max_size=2).map(tuple)),
    ),
    st.one_of(
        st.builds(assertions.CountTarget, _metrics),
        st.builds(assertions.PercentTarget, _metrics),
        st.builds(assertions.ResponseTimeTarget, _statistics, _ranks, _metrics),
        st.builds(assertions.RequestsPerSecTarget),
        st.builds(assertions.LagTarget, st.sampled_from(assertions.LagKind), _statistics, _ranks),
        st.builds(assertions.GaugeTarget, texts, st.sampled_from(assertions.Reading)),
        st.builds(assertions.DeliveryTarget, st.sampled_from(assertions.Delivery)),
    ),
    st.one_of(
        st.builds(assertions.Compare, st.sampled_from(assertions.Comparison), st.floats(0, 1e6)),
        st.builds(assertions.Between, st.floats(0, 9), st.floats(0, 9), st.booleans()),
        st.builds(assertions.In, st.lists(st.floats(0, 9), max_size=2).map(tuple)),
    ),
    texts,
)


def _feeders(sources: st.SearchStrategy[feeders.FeederSource]) -> st.SearchStrategy[feeders.Feeder]:
    return st.builds(
        feeders.Feeder,
        texts,
        sources,
        st.sampled_from(feeders.Strategy),
        texts,
        st.lists(refs, max_size=2).map(tuple),
    )


all_feeders = _feeders(
    st.recursive(
        st.one_of(
            st.builds(feeders.CsvSource, texts, texts, texts, st.booleans()),
            st.builds(feeders.JsonFileSource, texts, st.booleans()),
            st.builds(feeders.JsonLinesSource, texts, st.booleans()),
            st.builds(
                feeders.SqlSource,
                st.one_of(texts, st.builds(Env, texts, texts)),
                texts,
                maps(scalars),
                st.one_of(st.none(), st.builds(Env, texts)),
            ),
            st.builds(feeders.RecordsSource, st.lists(maps(scalars), max_size=2).map(tuple)),
            st.builds(feeders.CodeSource, refs),
            st.builds(feeders.GeneratedSource, maps(st.one_of(refs, st.builds(Const, scalars)))),
        ),
        lambda inner: st.builds(
            feeders.ZippedSource, st.lists(_feeders(inner), max_size=3).map(tuple)
        ),
        max_leaves=3,
    )
)
whole_plans = st.builds(
    lambda name, scenario, loads, feeds, demands, limits, seed: SimulationPlan(
        name=name,
        source=SOURCE,
        scenarios=(scenario,),
        populations=tuple(map(of_scenario(scenario.name), loads)),
        protocols=(EchoProtocol(id="echo", secret=Env("SECRET", "default")),),
        feeders=feeds,
        assertions=demands,
        pauses=limits[0],
        throttle=limits[1],
        max_duration_ns=limits[2],
        warm_up_ns=limits[3],
        seed=seed,
    ),
    texts,
    st.builds(Scenario, texts, st.lists(steps, max_size=3).map(tuple), texts),
    st.lists(populations(pause_types), max_size=2),
    st.lists(all_feeders, max_size=2).map(tuple),
    st.lists(all_assertions, max_size=2).map(tuple),
    st.tuples(
        st.one_of(st.none(), pause_types),
        maybe_throttles,
        st.one_of(st.none(), st.integers(0, 10**15)),
        lengths,
    ),
    st.integers(),
)
