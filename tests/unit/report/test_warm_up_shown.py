"""Nobody can miss that a warm-up was left out: pages, terminal and files say so."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from gatlingpy.plan.assertions import (
    Assertion,
    Compare,
    Comparison,
    CountTarget,
    GlobalPath,
    Metric,
)
from gatlingpy.plan.codec import encode as encode_plan
from gatlingpy.report.build import build_report, judge_run
from gatlingpy.report.console import end_of_run_text
from gatlingpy.stats.records import LegRecord, RequestRecord, TextRecord, UserRecord
from tests.unit.report.sample import START_US, end_record, records, run_record, write


def text_of(page: Path) -> str:
    return " ".join(lxml_html.document_fromstring(page.read_text("utf-8")).text_content().split())


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run of a minute, the first 30 s of which are warm-up."""
    folder = tmp_path_factory.mktemp("warm")
    every = list(records(1200))
    told = json.loads(every[1].detail)  # type: ignore[union-attr]
    every[1] = TextRecord("PLAN", json.dumps({**told, "warm_up_ns": 30 * 10**9}))
    write(folder / "simulation.log", every)
    build_report(folder)
    return folder


def told(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_bytes())


def test_every_page_tells_of_the_warm_up(warm: Path) -> None:
    """A note on top of all, a line on the run card, a sentence at the assertions."""
    pages = sorted(warm.glob("*.html"))
    assert len(pages) > 10
    for page in pages:
        assert "Warm-up. What started in the first 30 s is left out of all numbers" in text_of(page)
    index = text_of(warm / "index.html")
    left_out = told(warm, "summary.json")["warm_up"]["left_out"]["requests"]
    assert 500 < left_out < 700
    assert f"Warm-upfirst 30 s left out: {left_out} requests" in " ".join(index.split())
    assert (
        "They are judged without the warm-up, the first 30 s; rates divide by what is left" in index
    )


def test_the_terminal_tells_of_the_warm_up(warm: Path) -> None:
    """The numbers of its block are those of what is left, and a line says of what."""
    result = judge_run(warm)
    text = end_of_run_text(result)
    left_out = told(warm, "summary.json")["warm_up"]["left_out"]["requests"]
    assert f"warm-up: first 30 s left out: {left_out} requests" in text.splitlines()
    assert f"> request count                    {1200 - left_out:>10} " in text


def test_files_for_programs_hold_what_is_left(warm: Path) -> None:
    """Counts and distributions without it; lines along the run, and the ledger, of all the run."""
    summary = told(warm, "summary.json")
    warm_up = summary["warm_up"]
    left_out = warm_up["left_out"]["requests"]
    kept = 1200 - left_out
    assert (30.0, False) == (warm_up["seconds"], warm_up["nothing_left"])
    assert warm_up["end_us"] - warm_up["start_us"] == 30_000_000
    length = warm_up["measured_seconds"]
    assert 29 < length < 33
    assert 59 < summary["run"]["duration_seconds"] < 63
    total = summary["total"]["response_time"]["total"]
    assert (
        kept
        == total["count"]
        == sum(e["response_time"]["total"]["count"] for e in summary["requests"])
    )
    assert math.isclose(kept / length, total["per_second"], rel_tol=1e-5)
    assert kept == summary["lag"]["requests"]["count"]
    assert 1200 == summary["conservation"]["registered"]
    assert kept == told(warm, "js/global_stats.json")["numberOfRequests"]["total"]
    assert kept == told(warm, "js/stats.json")["stats"]["numberOfRequests"]["total"]
    series = told(warm, "js/series.json")
    assert 1200 == pytest.approx(
        sum(counts[0] for _, counts in series["requests_per_sec_[total,ok,ko]"]), abs=60
    )
    bins = series["distribution"]
    assert 100 == pytest.approx(sum(bins["OK"]) + sum(bins["KO"]), abs=2)


def test_charts_along_the_run_show_it_shaded(warm: Path) -> None:
    """Every request is in the rates; the bars of the distribution are of what is left."""
    page = lxml_html.document_fromstring((warm / "index.html").read_text("utf-8"))
    charts = {c["id"]: c for c in json.loads(page.get_element_by_id("charts").text)["charts"]}
    summary = told(warm, "summary.json")
    kept = summary["total"]["response_time"]["total"]["count"]
    assert 1200 == pytest.approx(sum(charts["requests"]["series"][0]["v"]), abs=20)
    assert kept == charts["distribution"]["total"]
    run = json.loads((warm / "js" / "run.js").read_text()[13:-2])
    bounds = [summary["warm_up"]["start_us"] / 1000, summary["warm_up"]["end_us"] / 1000]
    assert bounds == run["warm_up"]


def test_a_report_of_nothing_says_so(tmp_path: Path) -> None:
    """Pages are written all the same, and the terminal points at it."""
    wanted = Assertion(GlobalPath(), CountTarget(Metric.ALL), Compare(Comparison.GTE, 0))
    plan = {"warm_up_ns": 600 * 10**9, "assertions": encode_plan((wanted,))}
    rows = [
        UserRecord("S", "START", START_US, START_US, 1),
        LegRecord("Pay-send", START_US, 500, "ok", "", 1, 1, "S"),
        *(
            RequestRecord((), "Pay", START_US + n, 10_000, START_US, "ok", "", n, n, "S")
            for n in range(5)
        ),
    ]
    record = TextRecord("PLAN", json.dumps(plan))
    write(tmp_path / "simulation.log", [run_record(), record, *rows, end_record()])
    result = build_report(tmp_path)
    assert [False] == [verdict.passed for verdict in result.verdicts]
    index = text_of(tmp_path / "index.html")
    assert "Nothing is left after the warm-up. All 5 requests started in its 10 min 0 s" in index
    assert "They are judged without the warm-up, the first 10 min 0 s. The delivery audit" in index
    assert [tmp_path / "index.html"] == list(tmp_path.glob("*.html"))
    assert "! warm-up: first 600 s left out: 5 requests; nothing is left" in end_of_run_text(result)
    assert told(tmp_path, "summary.json")["warm_up"]["nothing_left"] is True
    assert {"count": 0} == told(tmp_path, "summary.json")["total"]["response_time"]["total"]


def test_without_a_warm_up_nothing_is_said(tmp_path: Path) -> None:
    """No note, no line, no band."""
    write(tmp_path / "simulation.log", records(60))
    result = build_report(tmp_path)
    said = text_of(tmp_path / "index.html") + end_of_run_text(result)
    assert "arm-up" not in said
    assert told(tmp_path, "summary.json")["warm_up"] is None
    assert json.loads((tmp_path / "js" / "run.js").read_text()[13:-2])["warm_up"] is None
