"""The real Gatling 3.9.5 reads our logs, and finds in them what we find.

Our percentiles are exact.  Those of its digest are so below about 200 requests, but for a value that
lies on half a millisecond, which floats may put on either side; the runs here have none.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from gatlingpy.plan.assertions import (
    Assertion,
    AssertionPath,
    Between,
    Compare,
    Comparison,
    Condition,
    CountTarget,
    DetailsPath,
    ForAllPath,
    GlobalPath,
    In,
    Metric,
    PercentTarget,
    RequestsPerSecTarget,
    ResponseTimeTarget,
    Statistic,
    Target,
)
from gatlingpy.report.build import build_report
from gatlingpy.report.judge import Verdict
from gatlingpy.stats.escapes import escape, escape_groups, escape_message
from gatlingpy.stats.events import RequestEvent, UserEvent
from gatlingpy.stats.log_writer import LogWriter
from gatlingpy.stats.records import RequestRecord
from tests.integration.command_line import Workplace
from tests.integration.gatling_log import PLACES, run_of
from tests.services.gatling import GatlingReport, RealGatling
from tests.unit.report.sample import NASTY, START_US, end_record, plan_record, run_record, write

pytestmark = pytest.mark.integration

OURS_ALONE = {"PLAN", "LEG", "REPLY", "GAUGE", "MARK", "HEALTH", "END"}


@dataclass(frozen=True)
class Both:
    """One log, and what each of us makes of it."""

    log: Path
    ours: GatlingReport
    verdicts: tuple[Verdict, ...]
    theirs: GatlingReport


def read_by_both(gatling: RealGatling, log: Path) -> Both:
    """Have a log read by Gatling and by us."""
    theirs = gatling.read(log, log.parent / "gatling")
    result = build_report(log.parent, logs=[log])
    return Both(log, GatlingReport(log.parent, "", 0), result.verdicts, theirs)


def nodes(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a node of ``stats.json`` and all below it, in the order of the file."""
    yield tree
    for child in tree.get("contents", {}).values():
        yield from nodes(child)


def kinds_by_line(log: Path) -> dict[int, str]:
    """Return the kind of each line, by its number from 1."""
    lines = log.read_text(encoding="utf-8").split("\n")[:-1]
    return {number: line.split("\t")[0] for number, line in enumerate(lines, start=1)}


def must_agree(both: Both, *, relative: float = 0.0, ms: int = 0) -> None:
    """Fail unless every field of every entry is the same, and the order too.

    Percentiles may differ by this share of theirs, or by so many milliseconds.
    """
    theirs, ours = (list(nodes(r.load("js/stats.json"))) for r in (both.theirs, both.ours))
    assert [node["path"] for node in theirs] == [node["path"] for node in ours]
    for their, our in zip(theirs, ours, strict=True):
        for place in range(1, 5):
            name = f"percentiles{place}"
            near = {
                word: pytest.approx(value, rel=relative, abs=ms)
                for word, value in their["stats"].pop(name).items()
            }
            assert our["stats"].pop(name) == near, f"{our['path']}: {name}"
        assert {**their, "contents": None} == {**our, "contents": None}


# --- statistics ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(gatling: RealGatling, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """A run small enough for every percentile of Gatling's to be exact."""
    log = write(tmp_path_factory.mktemp("small") / "simulation.log", run_of(190))
    return read_by_both(gatling, log)


def test_statistics_are_the_same(small: Both) -> None:
    """Every number of all requests, of each request, and of each group, good and failed."""
    must_agree(small)
    for name in ("js/stats.json", "js/global_stats.json"):
        assert small.theirs.load(name) == small.ours.load(name)
    found = [node["path"] for node in nodes(small.theirs.load("js/stats.json"))]
    assert {" / ".join((*groups, name)) for groups, name in PLACES} <= set(found)


def test_requests_that_end_before_they_begin_keep_their_numbers(
    gatling: RealGatling, tmp_path: Path
) -> None:
    """The timestamps of replies can be those of a clock that is behind: nobody cuts that off."""
    records = [
        record._replace(duration_us=-record.duration_us)
        if isinstance(record, RequestRecord)
        and record.token % 4 == 0
        and record.start_us - record.duration_us > START_US + 1_000_000
        else record
        for record in run_of(190)
    ]
    both = read_by_both(gatling, write(tmp_path / "simulation.log", records))
    must_agree(both)
    stats: Any = both.theirs.load("js/global_stats.json")
    assert stats["minResponseTime"]["total"] < 0


def test_a_clock_that_is_an_hour_behind_leaves_both_reports_whole(
    gatling: RealGatling, tmp_path: Path
) -> None:
    """Gatling cannot draw what ended before the run began: for it alone that is cut off there."""
    log, hour_ns = LogWriter(tmp_path / "simulation.log", START_US * 1_000), 3_600_000_000_000
    log.write_records([run_record(), plan_record(())])
    for user in range(1, 4):
        start = user * 400_000_000
        log.write([
            UserEvent("USER", "S", "START", start, start, user),
            RequestEvent(
                "REQUEST", (), "Pay", start, start - hour_ns, start, "ok", "", user, user, "S"
            ),
            UserEvent("USER", "S", "END", start + 1_000_000, start, user),
        ])  # fmt: skip
    log.write_records([end_record()])
    log.close()
    both = read_by_both(gatling, tmp_path / "simulation.log")
    theirs: Any = both.theirs.load("js/global_stats.json")
    ours: Any = both.ours.load("js/global_stats.json")
    assert theirs["numberOfRequests"] == ours["numberOfRequests"]
    assert theirs["minResponseTime"]["total"] == -800
    assert ours["minResponseTime"]["total"] == -3_600_000


def test_only_our_own_kinds_are_skipped(small: Both) -> None:
    """Gatling reads every line of a kind that it has, and leaves out every one that it has not."""
    kinds = kinds_by_line(small.log)
    skipped = {number: kind for number, kind in kinds.items() if kind in OURS_ALONE}
    assert set(skipped.values()) == OURS_ALONE
    assert small.theirs.skipped() == skipped


def test_pages_have_the_same_names(small: Both) -> None:
    """A link to a page of Gatling's report leads to the same page of ours."""
    theirs, ours = ({p.name for p in r.folder.glob("*.html")} for r in (small.theirs, small.ours))
    assert {name for name in theirs if name.startswith(("req_", "group_"))} <= ours


def test_errors_are_counted_the_same(small: Both) -> None:
    """Messages of failed requests and of errors, with how often each came."""
    section = small.theirs.printed.partition("---- Errors ---")[2].partition("=====")[0]
    theirs = re.findall(r"^> (.*?)\s+(\d+) \([ \d.]+%\)$", section, re.MULTILINE)
    summary: Any = small.ours.load("summary.json")
    ours = {escape_message(e["message"]): str(e["count"]) for e in summary["errors"]}
    assert len(theirs) > 10
    assert dict(theirs) == ours


ODD = [name for name in NASTY if "\ud800" not in name]


def as_gatling_shows(path: str, kind: str) -> str:
    """Return a path as Gatling has it: with our escapes, and two letters replaced for JSON's sake."""
    *groups, name = path.split(" / ")
    shown = [escape_groups((group,)) for group in groups]
    shown.append(escape(name) if kind == "REQUEST" else escape_groups((name,)))
    return " / ".join(shown).replace("\\", "&#92;").replace('"', "&quot;")


def test_names_that_need_escapes_keep_their_numbers(gatling: RealGatling, tmp_path: Path) -> None:
    """Gatling shows our escapes as they stand, and counts what they name as one thing."""
    places = [((), name) for name in ODD] + [((group, group), "Pay") for group in ODD]
    log = write(tmp_path / "simulation.log", run_of(190, places=places))
    both = read_by_both(gatling, log)
    theirs, ours = (list(nodes(r.load("js/stats.json"))) for r in (both.theirs, both.ours))
    assert len(ours) == 1 + 4 * len(ODD)
    for their, our in zip(theirs, ours, strict=True):
        shown = as_gatling_shows(our["path"], our["type"]) if our["path"] else ""
        assert (their["type"], their["path"]) == (our["type"], shown)
        assert {**their["stats"], "name": ""} == {**our["stats"], "name": ""}, our["path"]


def test_percentiles_of_many_are_near(gatling: RealGatling, tmp_path: Path) -> None:
    """Of thousands of requests, only the percentiles differ, and by less than one in a hundred."""
    both = read_by_both(gatling, write(tmp_path / "simulation.log", run_of(9000, wide=False)))
    for node in nodes(both.theirs.load("js/stats.json")):
        assert node["stats"]["numberOfRequests"]["total"] > 1000
    # A millisecond is what the rounding of either may add.
    must_agree(both, relative=0.01, ms=1)


# --- assertions ----------------------------------------------------------------------------------

PATHS: tuple[AssertionPath, ...] = (
    GlobalPath(),
    ForAllPath(),
    DetailsPath(("Pay",)),
    DetailsPath(("Checkout", "naïve ünïcode ✓ 漢字 😀")),
    DetailsPath(("Checkout", "Card (<b>or</b> cash)", "Checkout", "check & 'sign'")),
    DetailsPath(("Checkout", "Card (<b>or</b> cash)")),
    DetailsPath(("Pya",)),
    DetailsPath(()),
)
TARGETS: tuple[Target, ...] = (
    *(CountTarget(metric) for metric in Metric),
    *(PercentTarget(metric) for metric in Metric),
    *(ResponseTimeTarget(s) for s in Statistic if s is not Statistic.PERCENTILE),
    *(ResponseTimeTarget(Statistic.PERCENTILE, r) for r in (0, 1, 50, 90.5, 95, 99.9, 99.91, 100)),
    RequestsPerSecTarget(),
)
CONDITIONS: tuple[Condition, ...] = (
    *(Compare(comparison, 60) for comparison in Comparison),
    Compare(Comparison.LT, 1e7),
    Between(0.001, 100),
    Between(0, 100, inclusive=False),
    In((0, 100, 27, 31_000)),
)


def printed(verdict: Verdict) -> str:
    """Return the line that Gatling prints: unlike ours, it tells no value that is as expected."""
    if verdict.passed:
        return f"{verdict.message} : true"
    return f"{verdict.message} : false (actual : {verdict.actual_text})"


def judged_the_same(both: Both) -> None:
    """Fail unless every assertion has the same words, value and verdict."""
    assert both.theirs.load("js/assertions.json") == both.ours.load("js/assertions.json")
    assert both.theirs.verdicts() == [printed(verdict) for verdict in both.verdicts]


def test_assertions_are_read_and_judged_the_same(gatling: RealGatling, tmp_path: Path) -> None:
    """Every path with every number and every comparison: the words, the values, the verdicts."""
    wanted = [Assertion(*parts) for parts in product(PATHS, TARGETS, CONDITIONS)]
    both = read_by_both(gatling, write(tmp_path / "simulation.log", run_of(190, wanted)))
    judged_the_same(both)
    assert {True, False} == {verdict.passed for verdict in both.verdicts}
    assert both.theirs.exit_code == 2


# --- a run of today ------------------------------------------------------------------------------

SHOP = """
class Shop(Simulation):
    def __init__(self):
        pay = kafka("Ask, and wait").request_reply().topics("requests", "replies").timeout("300ms")
        pay = pay.value(lambda session: f"hello {session.user_id}").check(substring("hello"))
        buyers = scenario("Buyers, all").group("Basket").on(
            exec(pay).pause("20ms").group("Zählung").on(exec(pay))
        )
        tellers = scenario("Tellers").exec(kafka("Tell").send().topic("requests").value("hi"))
        self.set_up(
            buyers.inject_open(constant_users_per_sec(30).during(2)),
            tellers.inject_open(nothing_for(0.5), at_once_users(10)),
        ).protocols(BROKER).assertions(
            global_().successful_requests().percent().gt(50),
            global_().failed_requests().count().is_(0),
            details("Basket").all_requests().count().is_(60),
            for_all().response_time().max().lt(100),
        )
    def before(self, run): start_service(run, "--drop", "0.2", "--corrupt", "0.1")
"""


def test_a_real_run(gatling: RealGatling, work: Workplace) -> None:
    """What a run writes today is read, counted and judged the same by both."""
    ended = work.run("run", work.simulation(SHOP))
    assert ended.code == 2, ended.text
    both = read_by_both(gatling, work.run_folder() / "simulation.log")
    # What was measured is by chance, and so a percentile may lie on half a millisecond.
    must_agree(both, ms=1)
    judged_the_same(both)
    assert both.theirs.exit_code == ended.code
    total: Any = both.theirs.load("js/global_stats.json")
    assert total["numberOfRequests"]["total"] == 130
    assert total["numberOfRequests"]["ko"] > 0
    kinds = {kind for kind in kinds_by_line(both.log).values() if kind in OURS_ALONE}
    assert set(both.theirs.skipped().values()) == kinds
