"""The pages and files: escaped everywhere, the same every time, true about broken runs."""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from lxml import html as lxml_html

from gatlingpy.report import formats
from gatlingpy.report.build import ReportResult, build_report, judge_run
from gatlingpy.report.console import end_of_run_text
from gatlingpy.report.options import Options
from gatlingpy.report.pages import script_json
from gatlingpy.report.slugs import Slugs, slug
from gatlingpy.stats.log_format import encode
from gatlingpy.stats.records import RequestRecord
from tests.unit.report.sample import (
    NASTY,
    START_US,
    end_record,
    plan_record,
    records,
    run_record,
    write,
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ReportResult]:
    """The report of a run with everything in it."""
    folder = tmp_path_factory.mktemp("report")
    write(folder / "simulation.log", records(600))
    (folder / "marks.tsv").write_text(f"{START_US + 9_000_000}\tops\t</script><i>deploy</i>\n")
    return folder, build_report(folder)


def pages(folder: Path) -> Iterator[tuple[str, lxml_html.HtmlElement]]:
    for path in sorted(folder.glob("*.html")):
        yield path.name, lxml_html.document_fromstring(path.read_text(encoding="utf-8"))


def test_no_name_becomes_markup(report: tuple[Path, ReportResult]) -> None:
    """Whatever a name holds, no page has an element or script that we did not write."""
    for name, page in pages(report[0]):
        assert [] == page.xpath("//b[@onmouseover] | //td//i[text()='deploy'] | //cash"), name
        scripts = page.xpath("//script[not(@src)]")
        assert 2 == len(scripts), name
        assert "alert" not in scripts[0].text
        assert [] == page.xpath("//*[@onload or @onerror or @onclick]")


def test_names_are_shown_as_they_are(report: tuple[Path, ReportResult]) -> None:
    """Each name stands in the statistics table, letter for letter."""
    index = dict(pages(report[0]))["index.html"]
    shown = {
        row.xpath("string(.//th//a)") for row in index.xpath("//table[@id='stats']//tr[@data-name]")
    }
    assert {name.encode(errors="replace").decode() for name in NASTY} <= shown


def test_chart_data_is_json_and_cannot_end_its_script(report: tuple[Path, ReportResult]) -> None:
    """The data of the charts is read back from every page, names included."""
    for name, page in pages(report[0]):
        text = page.get_element_by_id("charts").text
        assert not set("<>&") & set(text), name
        charts = json.loads(text)["charts"]
        wanted = {f"chart-{chart['id']}" for chart in charts}
        assert wanted == {
            div.get("id") for div in page.xpath("//div[contains(@class, 'chart')][@role]")
        }
    shared = (report[0] / "js" / "run.js").read_text()
    assert "</script>" not in shared
    assert "</script><i>deploy</i>" in [m[2] for m in json.loads(shared[13:-2])["marks"]]


def test_links_lead_somewhere(report: tuple[Path, ReportResult]) -> None:
    """Every link and asset of every page is there, beside the page: nothing is fetched."""
    folder = report[0]
    for name, page in pages(folder):
        for link in page.xpath("//@href | //@src"):
            if link.startswith("#"):
                assert page.xpath(f"//*[@id='{link[1:]}']"), (name, link)
            elif not link.startswith("data:"):
                assert (folder / link).is_file(), (name, link)
        assert len(set(page.xpath("//@id"))) == len(page.xpath("//@id")), name


def test_files_for_programs_are_valid(report: tuple[Path, ReportResult]) -> None:
    """JSON and XML hold names as they are; what XML cannot hold is replaced."""
    folder, result = report
    stats = json.loads((folder / "js" / "stats.json").read_bytes())
    names = {node["name"] for node in stats["contents"].values()}
    assert "<b onmouseover='x'>bold</b> & \"quoted\"" in names
    told = json.loads((folder / "js" / "assertions.json").read_bytes())["assertions"]
    assert len(result.verdicts) == len(told)
    assert [-1.0] == next(a["actualValue"] for a in told if "Could not find" in a["message"])
    suite = ET.parse(folder / "js" / "assertions.xml").getroot()
    failed = [case for case in suite if case.find("failure") is not None]
    assert str(len(failed)) == suite.get("failures")
    assert {"false"} == {case.get("status") for case in failed}
    assert "Actual value: -" in [case.findtext("failure") for case in failed]
    assert 1 == json.loads((folder / "summary.json").read_bytes())["version"]


def test_the_same_log_gives_the_same_bytes(tmp_path: Path) -> None:
    """Folder, clock and order of hashing leave no trace; a second report over the first neither."""
    found = []
    for place in ("one", "another/place"):
        folder = tmp_path / place
        write(folder / "simulation.log", records(200))
        build_report(folder)
        build_report(folder)
        found.append(
            {
                path.relative_to(folder): path.read_bytes()
                for path in folder.rglob("*.*")
                if path.is_file()
            }
        )
        assert str(tmp_path).encode() not in b"".join(found[-1].values())
    assert found[0] == found[1]


def index_text(folder: Path) -> str:
    page = dict(pages(folder))["index.html"]
    return " ".join(page.text_content().split())


def test_an_incomplete_run_says_so_on_every_page(tmp_path: Path) -> None:
    """A log without END is not to be trusted, and no page is silent about it."""
    write(tmp_path / "simulation.log", list(records(60))[:-1])
    result = build_report(tmp_path)
    assert result.incomplete
    for _, page in pages(tmp_path):
        (banner,) = page.xpath("//*[@role='alert']")
        assert "Incomplete: not to be trusted." in banner.text_content()
    assert "! The log has no END record" in end_of_run_text(result)


def test_an_invalid_run_says_so(tmp_path: Path) -> None:
    """The words of the END record and its problems are shown."""
    end = end_record("invalid", reason="the <store> was lost", problems=["12 endings are missing"])
    write(tmp_path / "simulation.log", [*list(records(60))[:-1], end])
    build_report(tmp_path)
    text = index_text(tmp_path)
    assert "Invalid: not to be trusted. the <store> was lost" in text
    assert "Problem. 12 endings are missing" in text


def test_notes_and_malformed_lines_are_banners(
    report: tuple[Path, ReportResult], tmp_path: Path
) -> None:
    """The reader learns that latencies are the embedded broker's, and that lines were left out."""
    assert "Note. latencies are those of the embedded broker" in index_text(report[0])
    path = write(tmp_path / "simulation.log", records(30))
    path.write_text(path.read_text() + "REQUEST\tbent\n")
    build_report(tmp_path)
    assert "The log. 1 malformed line was left out" in index_text(tmp_path)


def test_the_index_shows_what_the_log_holds(report: tuple[Path, ReportResult]) -> None:
    """Card, conservation, delivery audit, endings, plan and marks."""
    text = index_text(report[0])
    for said in (
        "2023-11-14 22:13:20 UTC", "600 registered = 594 ok + 6 timeout", "lag p990.812 ms",
        "gatlingpy 0.1.0, python 3.11.7", "First late replies", "Payments └── Pay <request-reply>",
        "broker 1 </script> killed", "Pay: no attribute named 'x' is defined", "nearest is details(\"Pay\")",
    ):  # fmt: skip
        assert said in text, said


def test_many_names_stay_small_and_are_capped(tmp_path: Path) -> None:
    """Names beyond the cap have no page, and stand in the table."""
    rows = [
        RequestRecord((), f"r{n}", START_US + n, 1000 + n, START_US, "ok", "", n, n, "S")
        for n in range(120)
    ]
    write(tmp_path / "simulation.log", [run_record(), *rows, end_record()])
    build_report(tmp_path, options=Options(max_pages=100))
    assert 101 == len(list(tmp_path.glob("*.html")))
    index = dict(pages(tmp_path))["index.html"]
    assert 121 == len(index.xpath("//table[@id='stats']/tbody/tr"))
    assert "and 20 more names, without pages" in index.text_content()


def test_slugs_are_gatlings_and_unique() -> None:
    """Gatling's names; a name whose slug is taken gets a number."""
    assert ["get-offer-daaa5", "missing-name-b06d1", "group---req-e5bf0"] == [
        slug("Get Offer"), slug(""), slug("Group / Req"),
    ]  # fmt: skip
    slugs = Slugs()
    assert ["req_x-9dd4e", "req_x-9dd4e-2", "group_x-9dd4e"] == [
        slugs.name("req", "x"), slugs.name("req", "x "), slugs.name("group", "x"),
    ]  # fmt: skip


def test_script_json_escapes_what_html_knows() -> None:
    """No text can leave the script, and the value comes back."""
    value = {"a": "</script>&<!--\u2028", "b": float("nan")}
    text = script_json(value)
    assert not set("<>&\u2028") & set(text)
    assert {"a": value["a"], "b": None} == json.loads(text)


def test_console_block_is_gatlings(tmp_path: Path) -> None:
    """Layout and numbers of Gatling's end-of-run block."""
    rows = [
        RequestRecord((), "x", START_US, 100_000, START_US, "ok", "", 1, 1, "S"),
        RequestRecord((), "x", START_US, 2_000_000, START_US, "timeout", "late", 2, 2, "S"),
    ]
    write(tmp_path / "simulation.log", [run_record(notes=[]), plan_record(), *rows, end_record()])
    text = end_of_run_text(judge_run(tmp_path))
    for line in (
        "---- Global Information --------------------------------------------------------",
        "> request count                             2 (OK=1      KO=1     )",
        "> mean response time                     1050 (OK=100    KO=2000  )",
        "> response time 95th percentile          1905 (OK=100    KO=2000  )",
        "> mean requests/sec                         1 (OK=0.5    KO=0.5   )",
        "> t < 800 ms                                1 ( 50%)",
        "> failed                                    1 ( 50%)",
        "> late                                                                1 (  100%)",
    ):
        assert line in text.splitlines(), line
    assert "percentage of successful events is greater than 90.0 : false (actual : 50.0)" in text
    assert all(char.isprintable() or char == "\n" for char in text)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (formats.milliseconds(1234), "1.234"), (formats.milliseconds(99_999), "100.00"),
        (formats.milliseconds(1_234_567), "1\u202f235"), (formats.percent(1, 1_000_000), "< 0.01"),
        (formats.percent(999_999, 1_000_000), "> 99.99"), (formats.percent(0, 0), "0"),
        (formats.percent(3, 3), "100.00"), (formats.duration(59.94), "59.9 s"),
        (formats.duration(3725), "1 h 2 min"), (formats.duration(200_000), "2 d 7 h"),
        (formats.rate(1234.5), "1\u202f235"), (formats.moment(10**20), str(10**20)),
        (formats.health_name("lag_p99_us"), "lag p99"), (formats.health_name("cpu_s"), "cpu"),
        (formats.health_value(2.853, "cpu_s"), "2.853 s"), (formats.health_value(812, "lag_p99_us"), "0.812 ms"),
    ],
)  # fmt: skip
def test_numbers_on_pages(made: str, text: str) -> None:
    """About four digits, thin spaces, and no share rounded to nothing or to all."""
    assert text == made


def test_both_themes_define_every_colour() -> None:
    """A colour that the style or a chart uses is defined for light and for dark."""
    from gatlingpy.resources import resource_folder

    style = (resource_folder("templates") / "report" / "report.css").read_text()
    blocks = re.findall(r":root[^{]*\{([^}]*)\}", style)
    defined = [set(re.findall(r"--([\w-]+):", block)) for block in blocks]
    assert 3 == len(defined)
    assert all(one - {"shadow"} == two - {"shadow"} for one, two in combinations(defined, 2))
    used = set(re.findall(r"var\(--([\w-]+)\)", style)) | {"mark", "users", "all", "soft"}
    assert used <= defined[0]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where a folder should be is an error of the results folder."""
    from gatlingpy.errors import ResultsError

    (tmp_path / "simulation.log").write_text(
        "".join(encode(record) + "\n" for record in records(10)), encoding="utf-8", newline="\n"
    )
    (tmp_path / "js").write_text("in the way")
    with pytest.raises(ResultsError, match="cannot be written"):
        build_report(tmp_path)
