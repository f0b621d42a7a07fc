"""Where checks look, and which of the values found they take."""

import hashlib
from dataclasses import dataclass

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.dsl.checks import (
    Extractor,
    as_check,
    body,
    body_bytes,
    body_length,
    body_string,
    field,
    header,
    jmes_path,
    json_path,
    key,
    md5,
    message_function,
    offset,
    partition,
    regex,
    sha1,
    substring,
    timestamp,
    x_path,
)
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.dice import Dice
from gatlingpy.session import Session
from gatlingpy.spi import PlainMessage
from gatlingpy.tracking.decoding import Format, plain_format
from gatlingpy.tracking.verdict import compile_verdict
from tests.unit.tracking.judging import SESSION, failure, judge, message, verdict_of

TEXT = plain_format(SerializationType.STRING)
XML = b'<o:r xmlns:o="urn:o"><o:i n="1">a<b>b</b></o:i><o:i n="2">c</o:i></o:r>'
DOCUMENT = {"a": [1, 2, 3], "b": {"c": "x"}, "n": None, "s": "x=1;x=2"}
BODY = orjson.dumps(DOCUMENT)
HEADERS = (("h", b"1"), ("other", b"9"), ("h", b"2"), ("h", None))
JSON_REPLY = message(DOCUMENT, headers=HEADERS)
XML_REPLY = message(XML)
NS = {"o": "urn:o"}


def test_a_text_that_is_looked_for_may_be_drawn() -> None:
    """From the dice of the run, and so the same in each run of a seed."""
    code = CodeTable(dice=Dice(4))
    check = as_check(substring("<#{random_int(0, 1000)}>")).compile("check", code)
    verdict = compile_verdict([check], code, requests=TEXT, replies=TEXT)
    assert verdict is not None
    expected = Dice(4).below(7, 1000)
    reply = PlainMessage("replies", b"key", f"a <{expected}> b".encode(), (), 0, 1, 2)
    _, failed = verdict(b"", reply, Session("Pay", 7))
    assert failed is None
    assert list(code.dice._next) == [7]


SEVERAL: list[tuple[Extractor, PlainMessage, list[object], str]] = [
    (json_path("$.a[*]"), JSON_REPLY, [1, 2, 3], "jsonPath($.a[*])"),
    (json_path("$.a[?(@ > 1)]"), JSON_REPLY, [2, 3], "jsonPath($.a[?(@ > 1)])"),
    (json_path("$.n"), JSON_REPLY, [None], "jsonPath($.n)"),
    (json_path("$.a[*]").of_string(), JSON_REPLY, ["1", "2", "3"], "jsonPath($.a[*])"),
    (regex("x=(.)"), JSON_REPLY, ["1", "2"], "regex(x=(.))"),
    (regex("x=(.)", 0), JSON_REPLY, ["x=1", "x=2"], "regex(x=(.))"),
    (regex("x=."), JSON_REPLY, ["x=1", "x=2"], "regex(x=.)"),
    (
        regex("(x)=(.)(z)?").capture_groups(3),
        JSON_REPLY,
        [("x", "1", None), ("x", "2", None)],
        "regex((x)=(.)(z)?)",
    ),
    (regex("(x)=(.)").capture_groups(1), JSON_REPLY, [("x",), ("x",)], "regex((x)=(.))"),
    (
        substring("x="),
        JSON_REPLY,
        [BODY.index(b"x="), BODY.rindex(b"x=")],
        "substring(x=)",
    ),
    (header("h"), JSON_REPLY, ["1", "2", None], "header(h)"),
    (x_path("//o:i", NS), XML_REPLY, ["ab", "c"], "xpath(//o:i)"),
    (x_path("//o:i/@n", NS), XML_REPLY, ["1", "2"], "xpath(//o:i/@n)"),
    (x_path("//o:i/text()", NS), XML_REPLY, ["a", "c"], "xpath(//o:i/text())"),
]
"""Extractors that find several values, the reply, all values in their order, and the name."""

ONE: list[tuple[Extractor, PlainMessage, object, str]] = [
    (jmes_path("b.c"), JSON_REPLY, "x", "jmesPath(b.c)"),
    (jmes_path("a"), JSON_REPLY, [1, 2, 3], "jmesPath(a)"),
    (x_path("count(//b)"), XML_REPLY, 1, "xpath(count(//b))"),
    (x_path("1 div 2"), XML_REPLY, 0.5, "xpath(1 div 2)"),
    (x_path("string(//b)"), XML_REPLY, "b", "xpath(string(//b))"),
    (x_path("boolean(//z)"), XML_REPLY, False, "xpath(boolean(//z))"),
    (
        x_path("//b/namespace::o"),
        message(b'<b xmlns:o="urn:o"/>'),
        "urn:o",
        "xpath(//b/namespace::o)",
    ),
    (body(), JSON_REPLY, DOCUMENT, "body"),
    (body_string(), JSON_REPLY, BODY.decode(), "bodyString"),
    (body_bytes(), JSON_REPLY, BODY, "bodyBytes"),
    (body_length(), JSON_REPLY, len(BODY), "bodyLength"),
    (body_length(), message(None), 0, "bodyLength"),
    (md5(), JSON_REPLY, hashlib.md5(BODY).hexdigest(), "md5"),
    (sha1(), JSON_REPLY, hashlib.sha1(BODY).hexdigest(), "sha1"),
    (key(), JSON_REPLY, "key", "key"),
    (partition(), JSON_REPLY, 3, "partition"),
    (offset(), JSON_REPLY, 44, "offset"),
    (timestamp(), JSON_REPLY, 1700, "timestamp"),
    (field("b.c"), JSON_REPLY, "x", "field(b.c)"),
    (field("a[-1]"), JSON_REPLY, 3, "field(a[-1])"),
    (field(dict, "n"), JSON_REPLY, None, "field(n)"),
]
"""Extractors that find one value."""

NOTHING: list[tuple[Extractor, PlainMessage]] = [
    (json_path("$.z"), JSON_REPLY),
    (json_path("$.a[7]"), JSON_REPLY),
    (jmes_path("z"), JSON_REPLY),
    (jmes_path("n"), JSON_REPLY),
    (regex("zz"), JSON_REPLY),
    (substring("zz"), JSON_REPLY),
    (header("H"), JSON_REPLY),
    (key(), message(b"{}", key=None)),
    (timestamp(), message(b"{}", timestamp_ms=-1)),
    (body(), message(None)),
    (body_string(), message(None)),
    (md5(), message(None)),
    (field("z"), JSON_REPLY),
    (field("b.c.d"), JSON_REPLY),
    (field("a[3]"), JSON_REPLY),
    (field("s[0]"), JSON_REPLY),
    (field("s.upper"), JSON_REPLY),
    (x_path("//z"), XML_REPLY),
    (message_function(lambda reply: None), JSON_REPLY),
]
"""Extractors that find nothing in a reply that can be read."""

ALL = [
    *SEVERAL,
    *((extractor, reply, [value], name) for extractor, reply, value, name in ONE),
]


@pytest.mark.parametrize(("extractor", "reply", "values", "name"), ALL)
class TestEveryExtractor:
    """Each gives its values by every way to choose one, and is named as Gatling names it."""

    def test_finds_all(
        self, extractor: Extractor, reply: PlainMessage, values: list[object], name: str
    ) -> None:
        """In their order; the items of a JMESPath list are values of their own for it."""
        everything = values[0] if values == [[1, 2, 3]] else values
        assert judge(reply, extractor.find_all().is_(everything)) == (SESSION, None)
        assert failure(reply, extractor.find_all().is_("?")) == (
            f"{name}.findAll.is(?), but actually found {str(everything)[:200]}"
        )

    def test_finds_each(
        self, extractor: Extractor, reply: PlainMessage, values: list[object], name: str
    ) -> None:
        """By its number, and the first without one; past the last there is nothing."""
        first, _ = judge(reply, extractor.optional().save_as("v"))
        assert first["v"] == values[0]
        assert failure(reply, extractor.is_("?")) is not None
        many = values[0] if values == [[1, 2, 3]] else values
        assert isinstance(many, list)
        for number, value in enumerate(many):
            session, failed = judge(reply, extractor.find(number).save_as("v"))
            assert (session["v"], failed) == (value, None)
        assert failure(reply, extractor.find(len(many))) == (
            f"{name}.find({len(many)}).exists, found nothing"
        )

    def test_counts(
        self, extractor: Extractor, reply: PlainMessage, values: list[object], name: str
    ) -> None:
        """All of them, and says how many there were."""
        many = 3 if values == [[1, 2, 3]] else len(values)
        assert failure(reply, extractor.count().is_(many)) is None
        assert failure(reply, extractor.count().is_(99)) == (
            f"{name}.count.is(99), but actually found {many}"
        )

    def test_draws_one(
        self, extractor: Extractor, reply: PlainMessage, values: list[object], name: str
    ) -> None:
        """Which is among them, and each of them in one seed or another."""
        many = values[0] if values == [[1, 2, 3]] else values
        assert isinstance(many, list)
        drawn = [
            verdict_of(extractor.find_random().optional().save_as("v"), seed=seed)(
                b"", reply, SESSION
            )[0]["v"]
            for seed in range(60)
        ]
        assert all(value in many for value in drawn)
        assert all(value in drawn for value in many)
        assert str(failure(reply, extractor.find_random().is_("?"))).startswith(
            f"{name}.findRandom.is(?), but actually found "
        )

    def test_draws_several(
        self, extractor: Extractor, reply: PlainMessage, values: list[object], name: str
    ) -> None:
        """None of them twice; all, in their order, if so many are wanted or more."""
        many = values[0] if values == [[1, 2, 3]] else values
        assert isinstance(many, list)
        assert failure(reply, extractor.find_random(len(many)).is_(list(many))) is None
        assert failure(reply, extractor.find_random(9).is_(list(many))) is None
        assert failure(reply, extractor.find_random(9, fail_if_less=True)) == (
            f"{name}.findRandom(9, true).exists extraction crashed: Failed to collect 9 matches"
        )
        if len(many) > 2:
            seen = set()
            for seed in range(60):
                verdict = verdict_of(extractor.find_random(2).save_as("v"), seed=seed)
                some = verdict(b"", reply, SESSION)[0]["v"]
                assert isinstance(some, list)
                first, second = (many.index(value) for value in some)
                assert first != second
                seen.add((first, second))
            assert len(seen) == 6


@pytest.mark.parametrize(("extractor", "reply"), NOTHING)
def test_what_is_not_there_is_not_found(extractor: Extractor, reply: PlainMessage) -> None:
    """It exists not, its count is 0, and nothing is saved of it."""
    checks = [
        extractor.not_exists(),
        extractor.count().is_(0),
        extractor.optional().save_as("v"),
        extractor.find_all().not_exists(),
        extractor.find_random().not_exists(),
        extractor.find_random(2).not_exists(),
        extractor.not_(1),
        extractor.transform(len).not_exists(),
    ]
    assert judge(reply, *checks) == (SESSION, None)
    assert str(failure(reply, extractor)).endswith(".find.exists, found nothing")
    assert str(failure(reply, extractor.is_null())).endswith(".find.isNull, found nothing")
    assert str(failure(reply, extractor.gt(1))).endswith("can't compare nothing and 1")
    assert failure(reply, extractor.with_default("d").is_("d")) is None


@pytest.mark.parametrize(
    ("reply", "kinds"),
    [
        (message(None), "a tombstone: it has no value"),
        (message(b"\xff\xfe{"), "not "),
        (message(b'{"a": '), "not "),
        (message(b"<a>"), "not "),
    ],
)
@pytest.mark.parametrize(
    "extractor",
    [json_path("$.a"), json_path("$..a"), jmes_path("a"), x_path("//a"), field("a"), field(len)],
)
def test_a_body_that_cannot_be_read_fails_whatever_is_expected(
    reply: PlainMessage, kinds: str, extractor: Extractor
) -> None:
    """Also that nothing is there, and nothing in particular: what cannot be read tells nothing."""
    for check in (
        extractor.exists(),
        extractor.not_exists(),
        extractor.optional(),
        extractor.with_default(1).is_(1),
        extractor.count().is_(0),
        extractor.find_all().not_exists(),
        extractor.validate("any", lambda value, session: True),
    ):
        failed = failure(reply, check)
        assert failed is not None
        assert f" preparation crashed: the reply is {kinds}" in failed


def test_headers_and_keys_that_are_no_text_fail() -> None:
    """And say so; other headers are read all the same."""
    reply = message(b"{}", key=b"\xff", headers=[("h", b"\xff"), ("g", b"1")])
    assert failure(reply, header("g").is_("1")) is None
    assert failure(reply, header("h").not_exists()) == (
        "header(h).find.notExists extraction crashed: the header 'h' is not UTF-8 text: "
        "invalid start byte"
    )
    assert failure(reply, key().optional()) == (
        "key.find.optional extraction crashed: the key is not UTF-8 text: invalid start byte"
    )


def test_a_function_sees_the_whole_message() -> None:
    """And what it raises names its line."""
    seen = message_function(lambda reply: (reply.topic, reply.key, reply.offset, reply.headers[1]))
    expected = ("replies", b"key", 44, ("other", b"9"))
    assert judge(JSON_REPLY, seen.save_as("v"))[0]["v"] == expected
    failed = failure(JSON_REPLY, message_function(lambda reply: reply.nothing))
    assert failed is not None
    assert "test_extraction.py:" in failed
    assert "AttributeError" in failed


class TestFields:
    """Fields of what codecs and users' own functions make of bytes."""

    @dataclass
    class Order:
        """A decoded reply."""

        id: int
        lines: tuple[dict[str, object], ...] = ()

        @property
        def total(self) -> int:
            """What all lines cost."""
            return sum(int(str(line["n"])) for line in self.lines)

    def form(self) -> Format:
        """Return a format whose values are orders."""
        order = self.Order(7, ({"n": 2}, {"n": 3}))
        return Format(SerializationType.CUSTOM, lambda data: order, lambda data: {"id": 8})

    @pytest.mark.parametrize(
        ("extractor", "value"),
        [
            (field("id"), 7),
            (field("lines[1].n"), 3),
            (field("total"), 5),
            (field(Order, "id"), 7),
            (field(lambda order: order.id + 1), 8),
            (field(Order, lambda order: order.total), 5),
            (json_path("$.id"), 8),
            (jmes_path("id"), 8),
        ],
    )
    def test_are_found(self, extractor: Extractor, value: object) -> None:
        """By name, through lists and dicts, and by functions; paths see the JSON of it."""
        assert failure(b"x", extractor.is_(value), replies=self.form()) is None

    def test_are_of_the_type_that_was_declared(self) -> None:
        """Or the check fails before a function is called."""
        failed = failure(b"x", field(str, len), replies=self.form())
        assert str(failed).startswith(
            "field(len).find.exists extraction crashed: the reply is of type Order, not str"
        )

    def test_of_text_are_those_of_its_json(self) -> None:
        """A request that declares nothing has text."""
        assert failure(b'{"a":{"b":1}}', field("a.b").is_(1), replies=TEXT) is None
        assert failure(b'{"a":{"b":1}}', field(len).is_(13), replies=TEXT) is None


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("abc", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=12,
)


STEPS = st.lists(st.sampled_from(["a", "b", "c", 0, 1, -1]), min_size=1, max_size=4)
ABSENT = object()


def walked(document: object, steps: list[str | int]) -> object:
    """Return what stands at the end of a way through dicts and lists, or ABSENT."""
    for step in steps:
        if isinstance(document, dict) and isinstance(step, str):
            document = document.get(step, ABSENT)
        elif isinstance(document, list) and isinstance(step, int) and -len(document) <= step:
            document = document[step] if step < len(document) else ABSENT
        else:
            return ABSENT
    return document


def written(steps: list[str | int]) -> str:
    """Return steps as a path."""
    return "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in steps)


def found_by(extractor: Extractor, document: object) -> object:
    """Return what an extractor finds in a document, or ABSENT; it can be read in any case."""
    session, failed = judge(message(orjson.dumps(document)), extractor.optional().save_as("found"))
    assert failed is None
    return session.get("found", ABSENT)


@given(JSON_VALUES, STEPS)
def test_a_path_finds_what_a_plain_walk_finds(document: object, steps: list[str | int]) -> None:
    """JSONPath, JMESPath, for which null is nothing, and fields alike, in any document."""
    expected = walked(document, steps)
    path = written(steps)
    assert expected == found_by(json_path(f"${path}"), document)
    jmes = found_by(jmes_path(path.removeprefix(".")), document)
    assert (ABSENT if expected is None else expected) == jmes
    if isinstance(steps[0], str):
        assert expected == found_by(field(path.removeprefix(".")), document)
