"""Which logs make one report, and which are refused."""

from pathlib import Path

import pytest

from gatlingpy.errors import LogError
from gatlingpy.report.build import build_report, find_logs, summarise
from gatlingpy.report.console import end_of_run_text
from gatlingpy.report.read import read_logs
from gatlingpy.report.segments import missing_segments, segment_of
from gatlingpy.stats.log_format import encode
from tests.unit.report.sample import end_record, records, run_record, write


def log_of(path: Path, run_id: str = "payment-1", segment: tuple[int, int] = (1, 1)) -> Path:
    """Write the log of a small run."""
    _, *others = records(12)
    return write(path, [run_record(run_id=run_id, segment=list(segment)), *others])


def test_logs_of_different_runs_are_refused(tmp_path: Path) -> None:
    """Both are named with their runs, and a folder that holds one; nothing is written."""
    one = log_of(tmp_path / "a" / "simulation.log", "payment-1")
    two = log_of(tmp_path / "b" / "simulation.log", "payment-2")
    with pytest.raises(LogError) as caught:
        build_report(tmp_path)
    assert str(caught.value) == (
        f"{one} and {two} are the logs of different runs, 'payment-1' and 'payment-2', and a "
        f"report is of one; give one of them alone, such as {tmp_path / 'a'}"
    )
    assert not (tmp_path / "index.html").exists()
    assert summarise(tmp_path / "a").card.trusted


def test_logs_of_different_runs_in_one_folder(tmp_path: Path) -> None:
    """There a file is to be given, for no folder holds one alone; and that works."""
    one = log_of(tmp_path / "simulation-1.log", "payment-1")
    log_of(tmp_path / "simulation-2.log", "payment-2", (2, 2))
    with pytest.raises(LogError, match=f"give one of them alone, such as {one}$"):
        summarise(tmp_path)
    assert "payment-1" == summarise(one).card.run_id


def test_two_runs_in_one_file_are_refused(tmp_path: Path) -> None:
    """Logs that were joined to one file are no more one run than before."""
    one, two = (log_of(tmp_path / f"{n}.log", f"payment-{n}") for n in (1, 2))
    both = tmp_path / "simulation.log"
    both.write_bytes(one.read_bytes() + two.read_bytes())
    with pytest.raises(LogError, match="different runs"):
        read_logs([both])


def test_a_segment_is_taken_once(tmp_path: Path) -> None:
    """A copy of a log would have its requests counted twice."""
    one = log_of(tmp_path / "simulation-1.log", segment=(1, 2))
    copy = log_of(tmp_path / "simulation-copy.log", segment=(1, 2))
    with pytest.raises(LogError) as caught:
        summarise(tmp_path)
    assert f"{one} and {copy} are both segment 1 of 2 of run 'payment-1'" in str(caught.value)
    assert "remove one of them" in str(caught.value)


def test_all_segments_make_one_whole_run(tmp_path: Path) -> None:
    """Their requests add up, and nothing is missing."""
    for index in (1, 2, 3):
        log_of(tmp_path / str(index) / "simulation.log", segment=(index, 3))
    summary = summarise(tmp_path)
    assert 36 == summary.statistics.total.exact.total.count
    assert ("1 of 3", "2 of 3", "3 of 3") == summary.card.segments
    assert not summary.card.incomplete
    assert summary.card.trusted


def test_a_missing_segment_makes_the_report_incomplete(tmp_path: Path) -> None:
    """It is named on the page, in the terminal and in the summary."""
    for index in (1, 3):
        log_of(tmp_path / str(index) / "simulation.log", segment=(index, 3))
    result = build_report(tmp_path)
    said = "Segment 2 of 3 is missing, so that the numbers are those of a part of the run."
    assert result.incomplete
    assert not result.summary.card.trusted
    assert (said,) == result.summary.card.problems
    assert f"! {said}" in end_of_run_text(result)
    page = (tmp_path / "index.html").read_text()
    assert 1 == page.count(said)
    assert f"<b>Incomplete: not to be trusted.</b> {said}" in page


def test_a_missing_segment_and_a_missing_end_are_both_told(tmp_path: Path) -> None:
    """One hides not the other."""
    log = log_of(tmp_path / "simulation.log", segment=(2, 2))
    log.write_text(log.read_text().replace(encode(end_record()) + "\n", ""))
    first, second = summarise(tmp_path).card.problems
    assert first.startswith("The log has no END record")
    assert second.startswith("Segment 1 of 2 is missing")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([], ""),
        ([[1, 1]], ""),
        ([[2, 2], [1, 2]], ""),
        ([[1, 2]], "Segment 2 of 2 is"),
        ([[2, 4]], "Segments 1, 3, 4 of 4 are"),
        ([[3, 8]], "Segments 1, 2, 4, 5, 6 and 2 more of 8 are"),
        ([[1, 10**18]], f"Segments 2, 3, 4, 5, 6 and {10**18 - 6} more of {10**18} are"),
        ([None, "1", [1], [0, 2], [3, 2], [1, "2"], {}], ""),
    ],
)
def test_missing_segments_are_named(told: list[object], said: str) -> None:
    """The first few by their numbers, of however many; what is no segment tells nothing."""
    sentence = missing_segments({"segment": segment} for segment in told)
    assert said == sentence.partition(" missing")[0]


def test_a_gatling_log_has_no_segments(tmp_path: Path) -> None:
    """Several logs of Gatling's own are merged, as Gatling does: they tell no run id."""
    lines = [
        "RUN\tc\tid\t1700000000000\t \t3.9.5",
        "REQUEST\t\tx\t1700000000000\t1700000000050\tOK\t ",
    ]
    for name in ("simulation-1.log", "simulation-2.log"):
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    log = read_logs(find_logs(tmp_path))
    assert 2 == len(log.requests.path)
    assert not log.incomplete
    assert segment_of({}) is None
