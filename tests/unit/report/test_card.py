"""The run card and the arrival lag: what the plan in the log says of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html as lxml_html

from gatlingpy.report.build import build_report
from gatlingpy.stats.records import RequestRecord, TextRecord
from tests.unit.report.sample import START_US, end_record, run_record, write

Shown = Callable[..., str]


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    """Writes the report of a run with this plan, and returns the text of its index."""

    def show(end: str = "completed", reason: str = "all users ended", **plan: object) -> str:
        row = RequestRecord((), "Pay", START_US + 900, 5, START_US, "ok", "", 1, 1, "S")
        records = [run_record(), TextRecord("PLAN", json.dumps(plan)), row]
        write(tmp_path / "simulation.log", [*records, end_record(end, reason=reason)])
        build_report(tmp_path)
        page = lxml_html.document_fromstring((tmp_path / "index.html").read_text("utf-8"))
        return " ".join(page.text_content().split())

    return show


def summary(folder: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads((folder / "summary.json").read_bytes())
    return told


# --- throttle ------------------------------------------------------------------------------------

THROTTLE = {"$": "Throttle", "steps": []}


@pytest.mark.parametrize(
    "plan",
    [
        {"throttle": THROTTLE},
        {"throttle": None, "populations": [{"throttle": None}, {"throttle": THROTTLE}]},
        {"populations": [{"then": [[{"scenario": "A"}], [{"then": [[{"throttle": THROTTLE}]]}]]}]},
    ],
)
def test_a_throttle_explains_the_lag(shown: Shown, tmp_path: Path, plan: dict[str, object]) -> None:
    """Of all requests or of one population's: then a lag is no sign of a slow injector."""
    assert (
        "This simulation throttles its requests: the lag includes their time in the throttle's "
        "queue, and then is no sign of a slow injector."
    ) in shown(**plan)
    assert '"throttled": true' in json.dumps(summary(tmp_path)["lag"])
    page = next(tmp_path.glob("req_*.html")).read_text("utf-8")
    assert "includes their time in the throttle" in page


@pytest.mark.parametrize(
    "plan", [{}, {"throttle": None}, {"populations": 5}, {"populations": [{"then": "x"}, 7, None]}]
)
def test_without_a_throttle_a_lag_is_the_injectors(
    shown: Shown, tmp_path: Path, plan: dict[str, object]
) -> None:
    """Whatever stands there instead."""
    text = shown(**plan)
    assert "How much later than intended a request started. It is the injector's own delay" in text
    assert "throttle" not in text
    assert '"throttled": false' in json.dumps(summary(tmp_path)["lag"])


# --- parameters ----------------------------------------------------------------------------------


def test_parameters_stand_on_the_run_card(shown: Shown, tmp_path: Path) -> None:
    """Name, value and help; the default beside a value that is another; escaped like any text."""
    parameters = [
        {"$": "Parameter", "name": "users", "value": 50, "default": 10, "help": "how many <b>"},
        {"$": "Parameter", "name": "fast", "value": True, "default": True, "help": ""},
        {"$": "Parameter", "name": "topic", "value": "a'\"b", "default": None, "type_name": "str"},
    ]
    text = shown(parameters=parameters)
    assert "Parameters" in text
    assert "users50 instead of 10how many <b>" in text.replace("\n", "")
    assert "fasttrue" in text
    assert "topica'\"b" in text
    assert "instead of nothing" not in text
    run = summary(tmp_path)["run"]
    assert isinstance(run, dict)
    assert [
        {"name": "users", "value": "50", "default": "10", "help": "how many <b>"},
        {"name": "fast", "value": "true", "default": "true", "help": ""},
        {"name": "topic", "value": "a'\"b", "default": "", "help": ""},
    ] == run["parameters"]


@pytest.mark.parametrize("told", [None, [], {}, 5, [5, None, {"value": 1}]])
def test_without_parameters_there_is_no_table(shown: Shown, told: object) -> None:
    """A plan of an older version, or a bent one, is shown all the same."""
    assert "Parameters" not in shown(parameters=told)


# --- ends ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["exhausted", "throttle-queue <full>", "interrupted"])
def test_any_end_is_shown_as_it_is(shown: Shown, word: str) -> None:
    """The words of later versions too, with the reason that stands in the log."""
    text = shown(word, "the feeder users.csv has no record left")
    assert f"This run ended early: {word}. the feeder users.csv has no record left" in text
    assert f"End{word}, the feeder users.csv" in text


def test_a_run_that_went_to_its_end_has_no_banner(shown: Shown) -> None:
    """Nothing is said of an end that was foreseen."""
    assert "ended early" not in shown()
