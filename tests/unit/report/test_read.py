"""Reading logs: ours and Gatling's, whole, cut, bent and wrong."""

import random
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatlingpy.errors import LogError
from gatlingpy.report import lines, vectors
from gatlingpy.report.blocks import Block, blocks
from gatlingpy.report.build import build_report, find_logs, judge_run, summarise
from gatlingpy.report.collector import Collector
from gatlingpy.report.facts import RunLog
from gatlingpy.report.read import read_logs
from gatlingpy.report.series import percentiles_over_time
from gatlingpy.report.window import Buckets
from gatlingpy.stats.log_format import encode
from gatlingpy.stats.records import RequestRecord, StateRecord, UserRecord
from tests.unit.report.sample import NASTY, START_US, end_record, records, run_record, write


def request(
    name: str = "Pay", start: int = START_US, took: int = 1000, **change: object
) -> RequestRecord:
    record = RequestRecord((), name, start, took, start, "ok", "", 1, 1, "S")
    return record._replace(**change)


def test_reads_every_kind(tmp_path: Path) -> None:
    """A log with everything gives back its rows, names and facts."""
    log = read_logs([write(tmp_path / "simulation.log", records(300))])
    assert 300 == len(log.requests.path) == len(log.legs.path)
    assert 600 == len(log.users.at_us)
    assert 200 == len(log.groups.path)
    assert set(NASTY) <= {path[-1] for path in log.paths}
    assert {("Checkout",), ("Checkout", "Card, or <cash>")} == set(log.group_paths)
    assert 180 == len(log.facts.gauges)
    assert ["broker 1 </script> killed", "broker 1 back"] == [m.text for m in log.facts.marks]
    assert () == log.problems.sentences()
    assert not log.incomplete


def _collect(data: bytes, *, fast: bool) -> Collector:
    into = Collector()
    if fast:
        parsed = vectors.parse(data)
        assert parsed is not None
        vectors.add(parsed, into)
    else:
        lines.add_lines(Path("x.log"), Block(0, data, whole=True), into)
    return into


def _rows(log: RunLog) -> dict[str, list[object]]:
    """All columns by name; codes, which depend on the order of reading, as what they stand for."""
    texts = {"message": log.messages, "scenario": log.scenarios}
    found: dict[str, list[object]] = {}
    for table in ("requests", "legs", "users", "groups"):
        paths = log.group_paths if table == "groups" else log.paths
        for field in fields(getattr(log, table)):
            values = getattr(getattr(log, table), field.name).tolist()
            names = texts.get(field.name, paths if field.name == "path" else None)
            found[f"{table}.{field.name}"] = [names[v] for v in values] if names else values
    return found


def test_both_readers_agree() -> None:
    """A block read as columns and read line by line gives the same rows."""
    data = "".join(encode(record) + "\n" for record in records(400)).encode()
    fast, slow = (_collect(data, fast=fast).finish([], ours=True) for fast in (True, False))
    assert _rows(slow) == _rows(fast)
    assert slow.facts.gauges == fast.facts.gauges
    assert slow.facts.errors == fast.facts.errors


def test_blocks_cut_after_lines(tmp_path: Path) -> None:
    """Blocks of any size put together are the file, and each but the last ends a line."""
    path = tmp_path / "f"
    data = b"one\ntwo two\n\nthree three three\nrest"
    path.write_bytes(data)
    for size in range(1, 40):
        cut = list(blocks(path, size))
        assert data == b"".join(block.data for block in cut)
        assert all(block.data.endswith(b"\n") for block in cut[:-1])
        assert not cut[-1].whole
        assert [sum(len(b.data) for b in cut[:i]) for i in range(len(cut))] == [
            b.offset for b in cut
        ]


def test_small_blocks_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the blocks are cut does not show."""
    path = write(tmp_path / "simulation.log", records(200))
    whole = read_logs([path])
    monkeypatch.setattr("gatlingpy.report.read.blocks", lambda p: blocks(p, 700))
    small = read_logs([path])
    assert _rows(whole) == _rows(small)


def test_truncated_last_line_is_dropped_and_told(tmp_path: Path) -> None:
    """The line that was being written when the run died is not read, even if it looks whole."""
    path = write(tmp_path / "simulation.log", [run_record(), request(), request("Cut")])
    path.write_bytes(path.read_bytes()[:-1])
    log = read_logs([path])
    assert (("Pay",),) == log.paths
    assert log.incomplete
    assert "simulation.log: the last line was cut off" in log.problems.sentences()[0]


@pytest.mark.parametrize(
    "line",
    [
        "REQUEST\ttoo\tfew",
        encode(request()) + "\tone more",
        encode(request()).replace(f"\t{START_US}\t", "\tnoon\t"),
        encode(request()).replace("\tok\t", "\tfine\t"),
        encode(request(took=-(1 << 46))),
        encode(request(start=1 << 61)),
        encode(UserRecord("S", "PAUSE", START_US, None, 1)),
        "END\tcompleted",
        "GAUGE\ta\tb" + "\t" * 5 + "x" + "\t" * 8,
    ],
)
def test_malformed_lines_are_counted(tmp_path: Path, line: str) -> None:
    """A malformed line of a known kind is left out, counted, and its place is told."""
    path = write(tmp_path / "simulation.log", [run_record(), request(), end_record()])
    path.write_text(path.read_text() + line + "\n" + encode(request()) + "\n")
    log = read_logs([path])
    assert 1 == log.problems.malformed
    assert 2 == len(log.requests.path)
    assert "simulation.log line 4: " in log.problems.malformed_example


def test_a_request_may_end_before_it_began(tmp_path: Path) -> None:
    """The timestamp of a reply is another machine's: what it says is kept, and drawn."""
    took = [-5, 20_000, -7_000_000, 0]
    path = write(
        tmp_path / "simulation.log", [run_record(), *(request(took=t) for t in took), end_record()]
    )
    log = read_logs([path])
    assert log.requests.duration_us.tolist() == took
    assert log.problems.malformed == 0
    lines = percentiles_over_time(
        log.requests.start_us,
        log.requests.duration_us,
        Buckets(START_US, 1_000_000, 1),
        (0, 50, 100),
    )
    assert lines[:, 0].tolist() == [-7_000_000, -2.5, 20_000]


@pytest.mark.parametrize("line", ["", "FUTURE\tkind", "# a comment", "FUTURE" + "\tx" * 15])
def test_unknown_lines_are_ignored(tmp_path: Path, line: str) -> None:
    """Lines of kinds that a later version may add are no problem."""
    path = write(tmp_path / "simulation.log", [run_record(), request(), end_record()])
    path.write_text(path.read_text() + line + "\n")
    log = read_logs([path])
    assert () == log.problems.sentences()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"hello\nworld\n", "it begins with b'hello"),
        (b"\x89PNG\r\n\x1a\n\x00", "it begins with"),
        (b"\x00\x00\x00\x063.13.1", "binary"),
        (encode(request()).encode() + b"\n", "no RUN line"),
        (
            (encode(run_record()) + "\n").encode() + b"REQUEST\t\tP\xff\xfey" + b"\t" * 13 + b"\n",
            "line 2",
        ),
        ((encode(run_record()) + "\n").encode(), "no request"),
        ((encode(run_record(format=99)) + "\n" + encode(request()) + "\n").encode(), "format 99"),
    ],
)
def test_what_is_no_log(tmp_path: Path, content: bytes, said: str) -> None:
    """A file that is no log is named, with what was found instead."""
    path = tmp_path / "simulation.log"
    path.write_bytes(content)
    with pytest.raises(LogError) as caught:
        read_logs([path])
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A log that cannot be opened, and a folder without one, are named."""
    with pytest.raises(LogError, match=r"gone\.log cannot be read"):
        read_logs([tmp_path / "gone.log"])
    with pytest.raises(LogError, match=r"has no simulation\.log"):
        find_logs(tmp_path)
    with pytest.raises(LogError, match="is no folder"):
        find_logs(tmp_path / "nowhere")


GATLING = [
    "ASSERTION\tAAECAAIFAAAAAAAAAFlA",
    "RUN\tcom.acme.KafkaSim\tkafkasim\t1700000000000\t \t3.9.5",
    "USER\tScn\tSTART\t1700000000000",
    "REQUEST\tGroup,Sub\tReq\t1700000000100\t1700000000340\tOK\t ",
    "REQUEST\t\tLoose\t1700000000100\t1700000000200\tKO\tbroken\textra",
    "REQUEST\t\tLoose\t1700000000100\t-9223372036854775808\tOK\t ",
    "REQUEST\t\tno message\t1700000000100\t1700000000200\tOK",
    "GROUP\tGroup,Sub\t1700000000090\t1700000000400\t240\tOK",
    "ERROR\tReq: no attribute \t1700000000100",
    "USER\tScn\tEND\t1700000000500",
]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_reads_gatlings_own_log(tmp_path: Path, ending: str) -> None:
    """Gatling's log has fewer fields, milliseconds, and lines that its own reader skips."""
    path = tmp_path / "simulation.log"
    path.write_bytes(ending.join(GATLING).encode())
    log = read_logs([path])
    assert (("Group", "Sub", "Req"), ("Loose",)) == log.paths
    assert [240_000, 100_000] == log.requests.duration_us.tolist()
    assert "broken" in log.messages
    assert {"Req: no attribute ": 1} == dict(log.facts.errors)
    assert not log.ours
    assert not log.incomplete
    assert 1 == log.problems.malformed
    verdict = judge_run(tmp_path).verdicts[0]
    assert ("Global: percentage of successful events is 100.0", False, 50.0) == (
        verdict.message, verdict.passed, verdict.actual,
    )  # fmt: skip


def test_marks_beside_the_log(tmp_path: Path) -> None:
    """Marks from outside are read; a line that is none is told."""
    write(tmp_path / "simulation.log", [run_record(), request(), end_record()])
    (tmp_path / "marks.tsv").write_text(f"{START_US}\tops\tline\\tbreak\nnonsense\n\n")
    log = read_logs(find_logs(tmp_path))
    assert [("ops", "line\tbreak", START_US)] == [tuple(mark) for mark in log.facts.marks]
    assert "marks.tsv line 2" in log.problems.sentences()[0]


def test_segments_are_merged(tmp_path: Path) -> None:
    """Several logs of one run are one run; it is incomplete if one of them has no end."""
    one = write(
        tmp_path / "a" / "simulation.log", [run_record(segment=[1, 2]), request(), end_record()]
    )
    two = write(tmp_path / "b" / "simulation.log", [run_record(segment=[2, 2]), request("Refund")])
    log = read_logs([one, two])
    assert (("Pay",), ("Refund",)) == log.paths
    assert log.incomplete
    summary = summarise(tmp_path)
    assert ("1 of 2", "2 of 2") == summary.card.segments
    assert not summary.card.trusted


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_fuzzed_log_never_crashes(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Whatever bytes are changed, the reader gives a log or says what is wrong with it."""
    dice = random.Random(seed)
    data = bytearray("".join(encode(record) + "\n" for record in records(12)).encode())
    for _ in range(dice.randrange(1, 30)):
        place = dice.randrange(len(data))
        what = dice.randrange(5)
        if what == 0:
            data[place] = dice.choice(b'\t\n\r\\"0-9az ')
        elif what == 1:
            del data[place : place + dice.randrange(1, 40)]
        elif what == 2:
            data[place:place] = dice.choice(
                [b"\t", b"\n", b"9" * 18, b"-", b"\\u", b"\x00", b"NaN"]
            )
        elif what == 3:
            data[place] = dice.randrange(128)
        else:
            data[place] = dice.randrange(256) if dice.random() < 0.1 else ord("7")
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "simulation.log").write_bytes(data)
    try:
        (build_report if seed % 8 == 0 else judge_run)(folder)
    except LogError as exc:
        refusal = str(exc)
    else:
        return
    assert "simulation.log" in refusal


def test_the_end_word_is_kept(tmp_path: Path) -> None:
    """What the END record says reaches the card."""
    end = StateRecord("END", "invalid", START_US, '{"reason": "store lost", "problems": ["p"]}')
    write(tmp_path / "simulation.log", [run_record(), request(), end])
    card = summarise(tmp_path).card
    assert ("invalid", "store lost", ("p",), False) == (
        card.end, card.reason, card.problems, card.trusted,
    )  # fmt: skip
