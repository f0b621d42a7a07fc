"""Every page of a report in a real browser: no error, nothing fetched, every chart drawn."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatlingpy.report.build import build_report
from gatlingpy.stats.records import RequestRecord, TextRecord
from tests.services.chromium import PHONE, Browser, Page
from tests.unit.report.sample import NASTY, START_US, end_record, records, run_record, write

pytestmark = pytest.mark.browser

DRAW_ALL = "gatlingpyDrawAll().then(() => true)"
UNDRAWN = "[...document.querySelectorAll('.chart')].filter(c => !c.querySelector('.main-svg')).map(c => c.id)"
EMPTY = """[...document.querySelectorAll('.chart')].filter(c => !c.querySelector(
    '.scatterlayer path, .scatterlayer .point, .barlayer path')).map(c => c.id)"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with groups, errors, marks, gauges and odd names."""
    folder = tmp_path_factory.mktemp("pages")
    write(folder / "simulation.log", records(1200, ("Pay", "Refund", "Quote", *NASTY)))
    build_report(folder)
    return folder


@pytest.fixture
def index(report: Path, browser: Browser) -> Iterator[Page]:
    """The index page on a laptop."""
    with browser.open(report / "index.html", width=1440, height=900) as page:
        yield page


def test_every_page_is_whole(report: Path, browser: Browser) -> None:
    """Each page opens without an error, asks for local files only, and draws all its charts."""
    pages = sorted(report.glob("*.html"))
    assert 15 == len(pages)
    for path in pages:
        with browser.open(path) as page:
            page.evaluate(DRAW_ALL)
            assert [] == page.console_errors, path.name
            assert all(url.startswith("file:") for url in page.requests), path.name
            assert [] == page.evaluate(UNDRAWN), path.name
            assert [] == page.evaluate(EMPTY), path.name


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_overflows_a_phone(report: Path, browser: Browser, *, dark: bool) -> None:
    """A page is as wide as the screen: tables scroll in their own frame."""
    for path in [report / "index.html", *sorted(report.glob("group_*.html"))]:
        with browser.open(path, width=PHONE[0], height=PHONE[1], phone=True, dark=dark) as page:
            page.evaluate(DRAW_ALL)
            assert [] == page.console_errors
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0], path.name


def test_charts_are_drawn_when_they_come_near(index: Page) -> None:
    """At first only what is seen is drawn; scrolling brings the rest."""
    count = "document.querySelectorAll('.chart .main-svg').length"
    index.evaluate("document.querySelector('#chart-percentiles').scrollIntoView()")
    index.await_true("document.querySelector('#chart-percentiles .main-svg')")
    assert isinstance(index.evaluate(count), int)
    assert index.evaluate("!document.querySelector('#chart-gauge-0 .main-svg')")


def test_a_table_sorts_and_filters(index: Page) -> None:
    """A click on a head sorts, all requests stay on top, a third click brings the tree back."""
    names = "[...document.querySelectorAll('#stats tbody tr')].map(r => r.cells[0].textContent)"
    counts = (
        "[...document.querySelectorAll('#stats tbody tr')].map(r => Number(r.cells[1].dataset.v))"
    )
    click = "document.querySelectorAll('#stats thead tr:last-child button')[1].click()"
    before = index.evaluate(names)
    index.evaluate(click)
    values = index.evaluate(counts)
    assert isinstance(values, list)
    assert values == sorted(values, reverse=True)
    index.evaluate(click)
    values = index.evaluate(counts)
    assert isinstance(values, list)
    assert values[1:] == sorted(values[1:])
    assert 1200 == values[0]
    index.evaluate(click)
    assert before == index.evaluate(names)
    index.evaluate(
        "(() => { const i = document.querySelector('input.filter'); i.value = 'REFUND';"
        " i.dispatchEvent(new Event('input')); })()"
    )
    shown = index.evaluate(
        "[...document.querySelectorAll('#stats tbody tr:not([hidden])')].map(r => r.cells[0].textContent)"
    )
    assert ["All requests", "Refund"] == shown


def test_the_theme_can_be_chosen(index: Page) -> None:
    """The button turns the page dark, its charts too."""
    index.evaluate(DRAW_ALL)
    text = "document.querySelector('#chart-percentiles .xtick text').style.fill"
    light = index.evaluate(text)
    index.evaluate("document.querySelector('.theme-button').click()")
    index.await_true(f"{text} !== '{light}'")
    assert "dark" == index.evaluate("document.documentElement.dataset.theme")


def test_marks_are_on_every_time_line(index: Page) -> None:
    """A vertical line for each mark, on each chart along the run."""
    index.evaluate(DRAW_ALL)
    lines = "document.querySelectorAll('#chart-{0} .shapelayer path').length"
    for chart in ("users", "percentiles", "requests", "responses", "lag", "gauge-0"):
        assert index.evaluate(lines.format(chart)) == 2, chart


def warmed(folder: Path, seconds: int) -> Path:
    """Write the report of a run of a minute that begins with a warm-up, and return its index."""
    lines = list(records(1200, ("Pay", "Refund", "Quote")))
    plan = json.dumps({"warm_up_ns": seconds * 10**9})
    lines[1] = TextRecord("PLAN", plan)
    write(folder / "simulation.log", lines)
    build_report(folder)
    return folder / "index.html"


def test_a_warm_up_is_a_band_on_every_time_line(tmp_path: Path, browser: Browser) -> None:
    """On each chart along the run it ends where the warm-up does; on no other is there any."""
    warmed(tmp_path, 15)
    shapes = (
        "[...document.querySelectorAll('.chart')].map(c => [c.id, c.layout.xaxis.type === 'date', "
        "(c.layout.shapes || []).filter(s => s.type === 'rect').map(s => s.x1)])"
    )
    seen = set()
    for path in sorted(tmp_path.glob("*.html")):
        with browser.open(path) as page:
            page.evaluate(DRAW_ALL)
            assert [] == page.console_errors, path.name
            told = page.evaluate(shapes)
            assert isinstance(told, list)
            for chart, along, ends in told:
                assert (["2023-11-14T22:13:35.048"] if along else []) == ends, (path.name, chart)
                seen.add(chart)
            drawn = (
                "document.querySelectorAll('#chart-requests .layer-below .shapelayer path').length"
            )
            assert page.evaluate(drawn) == (0 if path.name.startswith("group_") else 1)
    assert {"chart-users", "chart-percentiles", "chart-duration-percentiles", "chart-lag"} <= seen


def test_a_page_of_nothing_is_whole(tmp_path: Path, browser: Browser) -> None:
    """Where the warm-up leaves nothing, the charts along the run are still drawn."""
    with browser.open(warmed(tmp_path, 90)) as page:
        page.evaluate(DRAW_ALL)
        assert [] == page.console_errors
        assert [] == page.evaluate(UNDRAWN)
        assert [] == page.evaluate(EMPTY)
        assert page.evaluate("!document.querySelector('#chart-distribution')")


def test_parts_have_names(report: Path, browser: Browser) -> None:
    """What a screen reader needs: one heading of the first rank, named tables, charts, regions."""
    for path in sorted(report.glob("*.html"))[:6]:
        with browser.open(path) as page:
            page.evaluate(DRAW_ALL)
            assert page.evaluate("document.querySelectorAll('h1').length") == 1
            assert page.evaluate("[...document.querySelectorAll('table')].every(t => t.caption)")
            assert page.evaluate(
                "[...document.querySelectorAll('.chart, .scroll, nav, button:empty, input')]"
                ".every(e => e.getAttribute('aria-label') || e.getAttribute('aria-labelledby'))"
            )


def test_three_hundred_names_open_fast(tmp_path: Path, browser: Browser) -> None:
    """The index of a run with 300 names is there within a second of the browser's own clock."""
    rows = [
        RequestRecord(
            (), f"Request {n % 300}", START_US + n * 9000, 900 + n, START_US + n * 9000, "ok", "",
            n, n, "S",
        )
        for n in range(6000)
    ]  # fmt: skip
    write(tmp_path / "simulation.log", [run_record(), *rows, end_record()])
    build_report(tmp_path)
    assert 301 == len(list(tmp_path.glob("*.html")))
    assert sum(path.stat().st_size for path in tmp_path.glob("*.html")) < 40_000_000
    with browser.open(tmp_path / "index.html") as page:
        assert [] == page.console_errors
        loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        assert isinstance(loaded, (int, float))
        # A second on an idle machine; the tests share theirs with others.
        assert loaded < 4000
