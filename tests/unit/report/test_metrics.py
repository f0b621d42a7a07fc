"""Metrics of Kafka clients in the report: in their order, with their units, of each protocol."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from lxml import html as lxml_html

from gatlingpy.plan.assertions import (
    Assertion,
    Compare,
    Comparison,
    DetailsPath,
    GaugeTarget,
    Reading,
)
from gatlingpy.report.build import build_report
from gatlingpy.report.metric_charts import sections
from gatlingpy.report.metrics import metrics_of
from gatlingpy.report.read import read_logs
from gatlingpy.report.run_charts import MAX_MARKS
from gatlingpy.report.series import max_over_time
from gatlingpy.report.window import Buckets
from gatlingpy.stats import client_metrics as names
from gatlingpy.stats.records import (
    GaugeRecord,
    LegRecord,
    MarkRecord,
    Record,
    RequestRecord,
    StateRecord,
)
from tests.unit.report.sample import START_US, end_record, plan_record, run_record, write

SECOND = 1_000_000
FOUR = (names.LAG, names.ERROR_RATE, names.REQUEST_LATENCY, names.FETCH_LATENCY)
BUCKETS = Buckets(START_US, SECOND, 10)


def gauge(name: str, value: float, second: float = 1.0, source: str = names.SOURCE) -> GaugeRecord:
    return GaugeRecord(source, name, START_US + round(second * SECOND), value)


METRICS = [
    gauge(names.CONSUMED_RATE, 50.0),
    gauge(names.of_broker(names.REQUEST_LATENCY, 10), 3.0),
    gauge(names.of_broker(names.REQUEST_LATENCY, 2), 1.0),
    gauge(names.REQUEST_LATENCY, 2.0),
    gauge(names.FETCH_LATENCY, 7.0),
    gauge(names.of_broker(names.FETCH_LATENCY, 2), 7.0),
    gauge(names.ERROR_RATE, 0.0),
    gauge(names.LAG, 4.0, 2.2),
    gauge(names.LAG, 90.0, 2.6),
    gauge(names.LAG, 6.0, 1.0),
    gauge(names.ACK_LATENCY, 5.0),
    gauge("throttle queue", 1.0, source="injector"),
    gauge(names.LAG, 1.0, source="Kafka Metrics kafka-2"),
    gauge("of-a-later-version", 1.0),
]


def log(*records: Record) -> Iterable[Record]:
    """A run of ten seconds with one request a second, acknowledged half a second later."""
    yield run_record()
    yield plan_record()
    for number in range(10):
        at = START_US + number * SECOND
        yield RequestRecord((), "Pay", at, 700_000, at, "ok", "", number, number, "S")
        yield LegRecord("Pay-send", at, 500_000, "ok", "", number, number, "S")
    yield from records
    yield end_record()


def report_of(folder: Path, *records: Record) -> tuple[lxml_html.HtmlElement, dict[str, object]]:
    """Return the first page and ``summary.json``."""
    write(folder / "simulation.log", log(*records))
    build_report(folder)
    page = lxml_html.document_fromstring((folder / "index.html").read_text(encoding="utf-8"))
    return page, json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def test_the_four_of_the_original_come_first(tmp_path: Path) -> None:
    """Then the others of the catalogue, brokers by number, then other gauges by name."""
    _, summary = report_of(tmp_path, *METRICS)
    told = [(metric["source"], metric["name"]) for metric in summary["metrics"]]  # type: ignore[attr-defined]
    first = [name for source, name in told if source == names.SOURCE]
    assert first == [
        names.LAG, names.ERROR_RATE, names.REQUEST_LATENCY,
        f"{names.REQUEST_LATENCY}-broker-2", f"{names.REQUEST_LATENCY}-broker-10",
        names.FETCH_LATENCY, f"{names.FETCH_LATENCY}-broker-2", names.ACK_LATENCY,
        names.CONSUMED_RATE, "of-a-later-version",
    ]  # fmt: skip
    assert told[-2:] == [("Kafka Metrics kafka-2", names.LAG), ("injector", "throttle queue")]
    assert tuple(metric.name for metric in names.METRICS[:4]) == FOUR


def test_summary_json_tells_what_each_metric_came_to(tmp_path: Path) -> None:
    """The last is the last in time, not in the log; what was never a number is left out."""
    _, summary = report_of(tmp_path, *METRICS, gauge(names.LAG, float("nan"), 9))
    assert summary["metrics"][0] == {  # type: ignore[index]
        "source": "Kafka Metrics", "name": "kafka-consumer-lag-max", "unit": "records",
        "count": 3, "min": 4.0, "mean": 100 / 3, "max": 90.0, "last": 90.0,
    }  # fmt: skip
    assert metrics_of([gauge("x", float("inf"))]) == ()


def test_each_protocol_has_a_section_with_a_chart_for_each_metric(tmp_path: Path) -> None:
    """Brokers are lines of it where there are several; the lag is the greatest of a bucket."""
    write(tmp_path / "simulation.log", log(*METRICS))
    both = sections(read_logs([tmp_path / "simulation.log"]), BUCKETS)
    assert [section.source for section in both] == ["Kafka Metrics", "Kafka Metrics kafka-2"]
    charts = {chart["name"]: chart for chart in both[0].charts}
    assert tuple(charts) == (*FOUR, names.ACK_LATENCY, names.CONSUMED_RATE)
    lines = {name: [s["name"] for s in chart["series"]] for name, chart in charts.items()}  # type: ignore[attr-defined]
    assert lines[names.REQUEST_LATENCY] == ["all", "broker 2", "broker 10"]
    assert lines[names.FETCH_LATENCY] == ["all"]
    assert len({s["color"] for s in charts[names.REQUEST_LATENCY]["series"]}) == 3  # type: ignore[attr-defined]
    assert charts[names.REQUEST_LATENCY]["y"] == "ms"
    lag = charts[names.LAG]["series"][0]["v"]  # type: ignore[index]
    assert (lag[1], lag[2]) == (6.0, 90.0)
    assert np.isnan(lag[0])
    ids = [chart["id"] for section in both for chart in section.charts]
    assert len(set(ids)) == len(ids) == 7


def test_the_page_shows_metrics_apart_from_other_gauges(tmp_path: Path) -> None:
    """A table of what they came to, a place for each chart; the brokers' are only drawn."""
    page, _ = report_of(tmp_path, *METRICS)
    assert page.xpath("//section/h2[starts-with(., 'Kafka Metrics')]/text()") == [
        "Kafka Metrics", "Kafka Metrics kafka-2",
    ]  # fmt: skip
    rows = page.xpath("//section[@id='s-metrics-1']//tbody/tr/th/text()")
    assert rows[:4] == list(FOUR)
    assert not any("broker" in row for row in rows)
    places = page.xpath("//section[@id='s-metrics-1']//div[@class='chart small']/@id")
    assert places == [f"chart-metric-0-{n}" for n in range(6)]
    captions = page.xpath("//section[@id='s-gauges']//figcaption/text()")
    assert captions == ["Kafka Metrics · of-a-later-version", "injector · throttle queue"]
    assert page.xpath("//nav//a[@href='#s-metrics-2']/text()") == ["Kafka Metrics kafka-2"]


def test_legs_are_shown_beside_what_librdkafka_measured(tmp_path: Path) -> None:
    """Where there is one protocol whose clients told it, and a leg."""
    page, _ = report_of(tmp_path, gauge(names.ACK_LATENCY, 480.0, 4))
    (script,) = page.xpath("//script[@id='charts']/text()")
    charts = {chart["id"]: chart for chart in json.loads(script)["charts"]}
    legs, own = charts["referee"]["series"]
    assert {value for value in legs["v"] if value is not None} == {500.0}
    assert [value for value in own["v"] if value is not None] == [480.0]
    # A leg is drawn when its answer had come: half a second after it began.
    assert len(legs["v"]) > 20
    assert legs["v"][0] is None
    assert page.xpath("//section[@id='s-referee']")
    two = [gauge(names.ACK_LATENCY, 1.0), gauge(names.ACK_LATENCY, 1.0, 1, "Kafka Metrics kafka-2")]
    for number, records in enumerate(([], two)):
        folder = tmp_path / str(number)
        folder.mkdir()
        page, _ = report_of(folder, *records)
        assert not page.xpath("//section[@id='s-referee']")


def test_a_run_without_metrics_shows_none(tmp_path: Path) -> None:
    """Neither section nor entry."""
    page, summary = report_of(tmp_path)
    assert summary["metrics"] == []
    assert not page.xpath("//*[starts-with(@id, 's-metrics')]")


def test_marks_are_in_order_and_those_left_out_are_counted(tmp_path: Path) -> None:
    """A mark may be written after one that happened later."""
    moments = [(n * 7) % (MAX_MARKS + 5) for n in range(MAX_MARKS + 5)]
    page, _ = report_of(tmp_path, *(MarkRecord("kafka", f"m{n}", START_US + n) for n in moments))
    texts = page.xpath("//section[@id='s-marks']//tbody/tr/td[3]/text()")
    assert texts == [f"m{n}" for n in range(MAX_MARKS)]
    assert page.xpath("//section[@id='s-marks']/p/text()") == ["And 5 more, which are in the log."]


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([], "add .metric_injection_interval(...) to kafka()"),
        ([gauge("throttle queue", 1.0, 1, "injector")], "add .metric_injection_interval(...)"),
        ([gauge(names.ERROR_RATE, 0.0)], 'max("kafka-producer-record-error-rate")'),
    ],
)
def test_an_assertion_on_metrics_that_were_not_recorded_says_what_to_add(
    tmp_path: Path, records: list[Record], said: str
) -> None:
    """Where others were recorded, it names those."""
    assertion = Assertion(
        DetailsPath((names.SOURCE,)),
        GaugeTarget(names.LAG, Reading.MAX),
        Compare(Comparison.LT, 100.0),
    )
    rest = list(log(*records))
    rest[1] = plan_record((assertion,))
    write(tmp_path / "simulation.log", rest)
    (verdict,) = build_report(tmp_path).verdicts
    assert not verdict.passed
    assert said in verdict.hint


@pytest.mark.parametrize(
    ("negative", "said"),
    [
        (0, []),
        (1, ["1 request has a negative duration: by the timestamp of its reply it ended"]),
        (1200, ["1\u202f200 requests have negative durations: by the timestamp of their replies"]),
    ],
)
def test_negative_durations_are_told_on_every_page(
    tmp_path: Path, negative: int, said: list[str]
) -> None:
    """They come of the timestamps that other clocks made, and say that all durations are wrong."""
    state = StateRecord("HEALTH", "segment", START_US, f'{{"negative_durations": {negative}}}')
    page, _ = report_of(tmp_path, state)
    banners = [
        banner.text_content().removeprefix("Clocks disagree. ")
        for banner in page.xpath("//div[starts-with(b, 'Clocks disagree')]")
    ]
    assert len(banners) == len(said)
    assert all(text in banner for text, banner in zip(said, banners, strict=True))


def test_a_metric_is_that_of_all_brokers_or_of_one() -> None:
    """A name that only looks like one is a name of its own."""
    assert names.whole_and_broker("kafka-producer-request-latency-avg-broker-12") == (
        names.REQUEST_LATENCY, 12,
    )  # fmt: skip
    assert names.whole_and_broker(names.LAG) == (names.LAG, None)
    assert names.whole_and_broker("my-broker-1") == ("my-broker-1", None)
    assert names.source_of("kafka") == "Kafka Metrics"
    assert names.source_of("kafka-2") == "Kafka Metrics kafka-2"
    assert names.is_source("Kafka Metrics kafka-2")
    assert not names.is_source("Kafka Metricsish")


def test_the_greatest_in_each_bucket() -> None:
    """An empty one has none, and a negative one is one."""
    times = np.array([START_US, START_US + 1, START_US + 2 * SECOND])
    greatest = max_over_time(times, np.array([1.0, 3.0, -2.0]), Buckets(START_US, SECOND, 3))
    assert greatest[[0, 2]].tolist() == [3.0, -2.0]
    assert np.isnan(greatest[1])
