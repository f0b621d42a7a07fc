"""What the real Gatling 3.9.5 computed from two logs, and what we compute from them.

The expected files hold Gatling's numbers, read from its own output; ``known`` is its own fixture of
eight requests, ``long`` a run of 3000 s with one request a second.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gatlingpy.report.build import build_report

HERE = Path(__file__).parent
START_MS = 1_700_000_000_000


def _long_lines() -> Iterator[str]:
    yield f"RUN\tc\tid\t{START_MS}\t \t3.9.5"
    yield f"USER\tA\tSTART\t{START_MS}"
    for second in range(3000):
        start = START_MS + second * 1000
        yield f"REQUEST\t\tx\t{start}\t{start + 50}\tOK\t "
    yield f"USER\tA\tEND\t{START_MS + 3_000_000}"


@pytest.fixture(scope="module", params=["known", "long"])
def golden(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The folder of a report that we wrote, and the folder of Gatling's numbers."""
    folder = tmp_path_factory.mktemp(request.param)
    log = folder / "simulation.log"
    if request.param == "long":
        log.write_text("".join(line + "\n" for line in _long_lines()))
    else:
        log.write_bytes((HERE / "known" / "simulation.log").read_bytes())
    build_report(folder)
    return folder, HERE / request.param


def _load(path: Path) -> object:
    return json.loads(path.read_text())


@pytest.mark.parametrize("name", ["stats.json", "global_stats.json", "assertions.json"])
def test_files_are_gatlings(golden: tuple[Path, Path], name: str) -> None:
    """Every field of the files is what Gatling wrote."""
    folder, expected = golden
    assert _load(expected / name) == _load(folder / "js" / name)


def test_chart_series_are_gatlings(golden: tuple[Path, Path]) -> None:
    """Every point of every line of the index page is what Gatling plotted."""
    folder, expected = golden
    ours, theirs = _load(folder / "js" / "series.json"), _load(expected / "series.json")
    assert isinstance(ours, dict)
    assert isinstance(theirs, dict)
    # Gatling draws the line of all users of a single scenario once, and leaves its name out.
    users = {name: ours["active_users"][name] for name in theirs["active_users"]}
    assert theirs == {**ours, "active_users": users}


def test_keys_keep_gatlings_order(golden: tuple[Path, Path]) -> None:
    """The keys of a statistics object come in Gatling's order."""
    folder, expected = golden
    ours, theirs = _load(folder / "js/global_stats.json"), _load(expected / "global_stats.json")
    assert isinstance(ours, dict)
    assert isinstance(theirs, dict)
    assert list(theirs) == list(ours)


def test_junit_is_gatlings(golden: tuple[Path, Path]) -> None:
    """The JUnit file has Gatling's attributes; neither log has an assertion."""
    folder, expected = golden
    suite = ET.parse(folder / "js" / "assertions.xml").getroot()
    name = {"known": "MySimulation", "long": "c"}[expected.name]
    wanted = {"name": name, "tests": "0", "errors": "0", "failures": "0", "time": "0"}
    assert wanted == suite.attrib
    assert [] == list(suite)


def test_pages_have_gatlings_names(golden: tuple[Path, Path]) -> None:
    """The request's page has the name that Gatling gave it."""
    folder, expected = golden
    name = {"known": "req_test-request-a903b", "long": "req_x-9dd4e"}[expected.name]
    assert (folder / f"{name}.html").is_file()
