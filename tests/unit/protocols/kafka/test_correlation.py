"""How replies are matched: every place an id can stand in, and what is told of those that end nothing."""

from collections.abc import Callable

import pytest

from gatlingpy.dsl.checks import (
    body_string,
    field,
    header,
    jmes_path,
    json_path,
    key,
    partition,
    regex,
    response_equals,
    x_path,
)
from gatlingpy.dsl.compiler import Compiler
from gatlingpy.errors import UsageError
from gatlingpy.protocols.kafka.dsl import kafka
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.request_builders import KafkaRequestReplyBuilder
from gatlingpy.session import Session
from gatlingpy.spi import Message
from gatlingpy.testing.truth import Conduct
from gatlingpy.testing.wire import Record
from tests.unit.protocols.kafka.broker_side import ANN, PROMPT, Bench

Headers = list[tuple[str, bytes | None]]
SILENCE = Conduct(ack=PROMPT, reply=PROMPT, lost=1.0)
"""The system does not answer: the test does."""


def protocol() -> KafkaProtocolBuilder:
    return kafka().bootstrap_servers("fake:9092")


def ask() -> KafkaRequestReplyBuilder:
    """A request whose key, body and header ``no`` hold the attribute ``id``."""
    request = kafka("Pay").request_reply().topics("requests", "replies").timeout(1)
    return request.key("#{id}").value('{"id": "#{id}"}').header("no", "#{id}")


def user(number: int, identity: object) -> Session:
    return Session("Shop", number, {"id": identity})


def answer(
    b: Bench,
    value: bytes | None = b"",
    *,
    key: bytes | None = None,
    headers: Headers | None = None,
    topic: str = "replies",
) -> None:
    """Have the system write a reply, and the consumer read it."""
    b.cluster.write(Record(topic, key, value, headers or []))
    b.after_ms(1)


def details(b: Bench) -> list[tuple[str, str]]:
    """What was told of replies that ended nothing: their kind, and what follows the place."""
    return [(reply.reply, reply.detail.split(" ", 1)[1]) for reply in b.replies()]


# --- each place ----------------------------------------------------------------------------------


class Way:
    """One way to match: how it is written, and how the system answers an id."""

    def __init__(
        self,
        written: Callable[[KafkaProtocolBuilder], KafkaProtocolBuilder],
        answered: Callable[[Bench, bytes], None],
    ) -> None:
        self.written = written
        self.answered = answered


def by_function(message: Message) -> object:
    return message.key


WAYS = {
    "header": Way(
        lambda p: p.correlate(header("no"), header("answers")),
        lambda b, i: answer(b, headers=[("answers", i)]),
    ),
    "key": Way(lambda p: p.correlate_by_key(), lambda b, i: answer(b, key=i)),
    "json_path": Way(
        lambda p: p.correlate(json_path("$.id"), json_path("$.of[0]")),
        lambda b, i: answer(b, b'{"of": ["%b"]}' % i),
    ),
    "jmes_path": Way(
        lambda p: p.correlate(jmes_path("id"), jmes_path("of.id")),
        lambda b, i: answer(b, b'{"of": {"id": "%b"}}' % i),
    ),
    "x_path": Way(
        lambda p: p.correlate(key(), x_path("/reply/@to")),
        lambda b, i: answer(b, b'<reply to="%b"/>' % i),
    ),
    "regex": Way(
        lambda p: p.correlate(regex('"id": "(.*?)"'), regex("to (.*);")),
        lambda b, i: answer(b, b"to %b;" % i),
    ),
    "body": Way(lambda p: p.correlate(key(), body_string()), answer),
    "function": Way(
        lambda p: p.correlate(by_function, lambda message: message.value[2:]),  # type: ignore[index]
        lambda b, i: answer(b, b"a:" + i),
    ),
}
each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def bench_of(way: Way) -> Bench:
    return Bench(way.written(protocol()), ask(), conduct=SILENCE)


@each_way
def test_a_reply_ends_the_request_that_bears_its_id(way: Way) -> None:
    """And no other; what follows to it is a duplicate."""
    b = bench_of(way)
    for number, identity in ((1, "tea"), (2, "milk")):
        b.perform(session=user(number, identity))
    way.answered(b, b"milk")
    assert [(row.user, row.ending) for row in b.rows()] == [(2, "ok")]
    way.answered(b, b"milk")
    way.answered(b, b"tea")
    assert [(row.user, row.ending) for row in b.rows()] == [(2, "ok"), (1, "ok")]
    assert details(b) == [("duplicate", "'milk'")]


@each_way
def test_a_reply_after_the_deadline_is_late_and_the_next_a_duplicate(way: Way) -> None:
    """Of ids that users supply as of our own."""
    b = bench_of(way)
    b.perform(session=user(1, "tea"))
    b.after_ms(1)
    b.after_ms(1_005)
    way.answered(b, b"tea")
    way.answered(b, b"tea")
    assert b.endings() == ["timeout"]
    assert details(b) == [("late", "'tea'"), ("duplicate", "'tea'")]


@each_way
def test_an_id_that_nobody_sent_is_an_orphan(way: Way) -> None:
    """And one that another run of gatlingpy made is foreign; the request goes on waiting."""
    b = bench_of(way)
    b.perform(session=user(1, "tea"))
    way.answered(b, b"coffee")
    way.answered(b, b"gp-0123456789-1-2a")
    assert details(b) == [("orphan", "'coffee'"), ("foreign", "'gp-0123456789-1-2a'")]
    assert b.runtime.in_flight() == 1


@each_way
def test_the_same_id_again_displaces_who_waits_for_it(way: Way) -> None:
    """Visibly; the younger has the reply, and the second reply is a duplicate."""
    b = bench_of(way)
    b.perform(session=user(1, "tea"))
    b.perform(session=user(2, "tea"))
    assert [(row.user, row.ending) for row in b.rows()] == [(1, "displaced")]
    way.answered(b, b"tea")
    way.answered(b, b"tea")
    assert [(row.user, row.ending) for row in b.rows()] == [(1, "displaced"), (2, "ok")]
    assert [kind for kind, _ in details(b)] == ["duplicate"]


@each_way
@pytest.mark.parametrize("nothing", ["", None])
def test_a_request_without_an_id_is_not_sent(way: Way, nothing: object) -> None:
    """The error says where it was looked for, and what to do."""
    b = Bench(way.written(protocol()), ask().value(lambda s: {"id": s["id"]}), conduct=SILENCE)
    b.perform(session=user(1, nothing))
    assert b.cluster.sendings == []
    assert b.runtime.counters()["registered"] == 0
    (error,) = b.services.errors
    assert "correlation id" in error
    assert b.resumed[0][0].is_failed


@each_way
def test_the_id_is_sent_in_the_header_as_well(way: Way) -> None:
    """So that systems which copy it find it where they always do."""
    b = bench_of(way)
    b.perform(session=user(1, "tea"))
    assert b.cluster.sendings[0].correlation_id == b"tea"


# --- what cannot be read -------------------------------------------------------------------------


def explode(_message: Message) -> object:
    raise ZeroDivisionError("of all things")


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (json_path("$.id"), b"{broken", "no correlation id: the reply is not JSON"),
        (json_path("$.id"), None, "no correlation id: the reply is a tombstone"),
        (json_path("$.id"), b"{}", "no correlation id"),
        (json_path("$.id"), b'{"id": ""}', "no correlation id"),
        (json_path("$.id"), b'{"id": 1.5}', "no correlation id: 1.5 is no id"),
        (json_path("$.id"), b'{"id": true}', "no correlation id: True is no id"),
        (x_path("/a"), b"<a>", "no correlation id: the reply is not XML"),
        (explode, b"", "no correlation id: tests/unit/protocols/kafka/test_correlation.py"),
        (lambda _message: None, b"", "no correlation id"),
    ],
)
def test_a_reply_that_cannot_be_read_is_an_orphan_with_the_reason(
    place: object, value: bytes | None, reason: str
) -> None:
    """Never a lost thread: what comes after it is matched."""
    b = Bench(protocol().correlate(key(), place), ask(), conduct=SILENCE)  # type: ignore[arg-type]
    b.perform(session=user(1, "tea"))
    answer(b, value)
    ((kind, told),) = details(b)
    assert (kind, told[: len(reason)]) == ("orphan", reason)
    assert b.runtime.in_flight() == 1
    assert b.services.failures == []


def test_a_function_that_finds_no_ids_is_told_of_once() -> None:
    """On the time line, with its line: its user sees nothing but timeouts."""
    b = Bench(protocol().correlate(key(), explode), ask(), conduct=SILENCE)
    b.perform(session=user(1, "tea"))
    answer(b, b"")
    answer(b, b"")
    (mark,) = b.marks()
    assert mark.text.startswith("no id found in a reply by tests/unit/protocols/kafka/test_corr")
    assert "ZeroDivisionError: of all things" in mark.text


def test_a_whole_number_is_the_same_id_as_its_text() -> None:
    """JSON on one side may write what the other has as text."""
    b = Bench(protocol().correlate(key(), json_path("$.id")), ask(), conduct=SILENCE)
    b.perform(session=user(1, 7))
    answer(b, b'{"id": 7}')
    assert b.endings() == ["ok"]


# --- the header first ----------------------------------------------------------------------------


def test_an_extractor_of_the_reply_is_asked_where_the_header_does_not_tell() -> None:
    """The id is ours, and the system copies it to where the extractor finds it, or answers it."""
    b = Bench(protocol().correlation_extractor(json_path("$.meta.correlationId")), ask(),
              conduct=SILENCE)  # fmt: skip
    for number in (1, 2, 3):
        b.perform(session=user(number, "tea"))
    first, second, third = (s.correlation_id or b"" for s in b.cluster.sendings)
    assert first.startswith(b"gp-")
    answer(b, b'{"meta": {"correlationId": "%b"}}' % second)
    answer(b, b"{broken", headers=[("correlationId", first)])
    answer(b, b'{"meta": {"correlationId": "%b"}}' % third, headers=[("correlationId", b"its-own")])
    assert [(row.user, row.ending) for row in b.rows()] == [(2, "ok"), (1, "ok"), (3, "ok")]
    assert b.replies() == []


def test_an_id_of_our_own_is_no_other_request_s() -> None:
    """A duplicate to one matched by header does not end one that waits for the same key."""
    matched_by_key = ask().correlate_by_key()
    b = Bench(protocol(), ask(), matched_by_key, conduct=SILENCE)
    b.perform(0, user(1, "tea"))
    own = [("correlationId", b.cluster.sendings[0].correlation_id)]
    answer(b, key=b"tea", headers=own)
    b.perform(1, user(2, "tea"))
    answer(b, key=b"tea", headers=own)
    assert [(row.user, row.ending) for row in b.rows()] == [(1, "ok")]
    assert [kind for kind, _ in details(b)] == ["duplicate"]
    answer(b, key=b"tea", headers=[("correlationId", b"tea")])
    assert [(row.user, row.ending) for row in b.rows()] == [(1, "ok"), (2, "ok")]


def test_requests_of_one_topic_may_be_matched_in_different_ways() -> None:
    """Each way is tried; a reply that nobody asked for is told of once."""
    b = Bench(
        protocol(),
        ask(),
        ask().correlate_by_key(),
        ask().correlate(json_path("$.id"), json_path("$.to")),
        conduct=SILENCE,
    )
    for number in range(3):
        b.perform(number, user(number + 1, "tea"))
    answer(b, b'{"to": "tea"}', key=b"none")
    answer(b, b"not json", key=b"tea")
    answer(b, b'{"to": "tea"}', key=b"tea")
    assert [(row.user, row.ending) for row in b.rows()] == [(3, "ok"), (2, "ok")]
    answer(b, b"?", headers=[("correlationId", b.cluster.sendings[0].correlation_id)])
    assert [row.user for row in b.rows()] == [3, 2, 1]
    assert details(b) == [("duplicate", "'tea'")]


def test_a_body_that_cannot_be_read_in_one_way_is_looked_at_in_the_next() -> None:
    """Whatever the order in which the plan has the ways."""
    b = Bench(
        protocol(), ask().correlate(key(), json_path("$.to")), ask().correlate_by_key(),
        conduct=SILENCE,
    )  # fmt: skip
    b.perform(1, user(1, "tea"))
    answer(b, b"not json", key=b"tea")
    assert b.endings() == ["ok"]
    assert b.replies() == []


# --- scopes --------------------------------------------------------------------------------------


def test_the_same_key_on_two_reply_topics_is_two_ids() -> None:
    """Neither displaces the other, and each is answered on its own topic alone."""
    other = ask().topics("requests", "events")
    b = Bench(protocol().correlate_by_key(), ask(), other, conduct=SILENCE)
    b.perform(0, user(1, "tea"))
    b.perform(1, user(2, "tea"))
    answer(b, key=b"tea", topic="events")
    assert [(row.user, row.ending) for row in b.rows()] == [(2, "ok")]
    answer(b, key=b"tea", topic="events")
    assert details(b) == [("duplicate", "'tea'")]
    answer(b, key=b"tea")
    assert [(row.user, row.ending) for row in b.rows()] == [(2, "ok"), (1, "ok")]


def test_the_same_id_in_two_places_is_two_ids() -> None:
    """A key and a field of the body that happen to be alike mean different requests."""
    b = Bench(
        protocol(), ask().correlate_by_key(), ask().correlate(key(), json_path("$.id")),
        conduct=SILENCE,
    )  # fmt: skip
    b.perform(0, user(1, "tea"))
    b.perform(1, user(2, "tea"))
    assert b.rows() == []
    answer(b, b'{"id": "tea"}')
    assert [row.user for row in b.rows()] == [2]


def test_one_function_is_one_place_whatever_requests_name_it() -> None:
    """The same id again displaces, as it does where one request is sent twice."""
    request = ask().correlate(by_function, by_function)
    b = Bench(protocol(), request, request, conduct=SILENCE)
    b.perform(0, user(1, "tea"))
    b.perform(1, user(2, "tea"))
    assert [(row.user, row.ending) for row in b.rows()] == [(1, "displaced")]


# --- headers -------------------------------------------------------------------------------------


def test_a_header_that_the_user_gives_is_sent_as_it_is() -> None:
    """Where the id stands elsewhere, the header is the user's own affair."""
    b = Bench(protocol().correlate_by_key(), ask().header("correlationId", "mine"), conduct=SILENCE)
    b.perform(session=user(1, "tea"))
    assert b.cluster.sendings[0].correlation_id == b"mine"
    answer(b, key=b"tea")
    assert b.endings() == ["ok"]


@pytest.mark.parametrize("other", [None, ask().correlate_by_key()])
def test_of_several_headers_of_one_name_the_last_counts(
    other: KafkaRequestReplyBuilder | None,
) -> None:
    """In requests and in replies, however many ways there are."""
    request = ask().header("correlationId", ["first", "#{id}"])
    others = [] if other is None else [other]
    b = Bench(protocol(), request, *others, conduct=SILENCE)
    b.perform(session=user(1, "tea"))
    answer(b, headers=[("correlationId", b"tea"), ("correlationId", b"first")])
    assert b.rows() == []
    answer(b, headers=[("correlationId", b"first"), ("correlationId", b"tea")])
    assert b.endings() == ["ok"]


def test_spring_s_headers_are_sent_and_read() -> None:
    """The reply topic is told, and the id comes back as the bytes it was."""
    b = Bench(protocol().spring_correlation(), ask(), conduct=SILENCE)
    sent: Headers = []
    produce = b.cluster.producers[0].produce

    def spying(*args: object, headers: Headers, **kwargs: object) -> None:
        sent.extend(headers)
        produce(*args, headers=headers, **kwargs)  # type: ignore[arg-type]

    b.runtime._producers.next()._produce = spying  # type: ignore[attr-defined]
    b.perform(session=user(1, "tea"))
    assert dict(sent)["kafka_replyTopic"] == b"replies"
    answer(b, headers=[("kafka_correlationId", dict(sent)["kafka_correlationId"])])
    assert b.endings() == ["ok"]


def test_uuids_are_made_on_request() -> None:
    """Each another, and replies to them told apart like those of users' own ids."""
    b = Bench(protocol().correlation_ids("uuid"), ask(), conduct=SILENCE)
    b.perform(session=user(1, "tea"))
    b.perform(session=user(2, "tea"))
    first, second = (s.correlation_id or b"" for s in b.cluster.sendings)
    assert first != second
    assert [len(part) for part in first.split(b"-")] == [8, 4, 4, 4, 12]
    answer(b, headers=[("correlationId", second)])
    answer(b, headers=[("correlationId", second)])
    assert [row.user for row in b.rows()] == [2]
    assert [kind for kind, _ in details(b)] == ["duplicate"]


# --- what is written -----------------------------------------------------------------------------


def test_a_request_changes_what_it_says_and_keeps_the_rest() -> None:
    """The header and the kind of ids are the protocol's unless the request names them."""
    of_all = protocol().correlation_header_name("X-Request-ID").correlation_ids("uuid")
    b = Bench(of_all, ask(), ask().correlate_by_key(), ask().correlation_header_name("X-Mine"))
    plain, by_key, renamed = b.requests
    assert plain.correlation is None  # type: ignore[attr-defined]
    how = by_key.correlation  # type: ignore[attr-defined]
    assert (how.header, how.ids, how.describe()) == ("X-Request-ID", "uuid", "key")
    how = renamed.correlation  # type: ignore[attr-defined]
    assert (how.header, how.reply.name, how.ids) == ("X-Mine", "X-Mine", "uuid")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (protocol(), "header correlationId"),
        (protocol().correlation_header_name("x"), "header x"),
        (protocol().correlate_by_key(), "key"),
        (protocol().correlate_by_key().correlation_header_name("x"), "key"),
        (
            protocol().correlation_extractor(json_path("$.id")),
            "header correlationId, else jsonPath($.id) of the reply",
        ),
        (
            protocol().correlate(key(), header("to")),
            "key of the request and header to of the reply",
        ),
        (protocol().spring_correlation(), "header kafka_correlationId"),
    ],
)
def test_a_plan_says_how_replies_are_matched(written: KafkaProtocolBuilder, words: str) -> None:
    """In the words of the checks."""
    b = Bench(written, ask())
    assert b.runtime._plan.correlation.describe() == words


def test_a_request_that_is_not_as_others_are_says_so_in_the_plan() -> None:
    """Matched otherwise than its protocol says, measured otherwise than is usual."""
    usual, other = Bench(
        protocol(), ask(), ask().correlate_by_key().silent().start_time("#{began}")
    ).requests
    assert {"silent", "starts #{began}", "matched by key"} <= set(other.describe())
    assert not {"silent", "matched by key"} & set(usual.describe())


def test_a_check_of_the_protocol_that_needs_a_value_nobody_keeps_is_a_problem() -> None:
    """As one of the request's own is."""
    how = protocol().check(response_equals())
    problems = _problems(Bench(how, ask()), ask().skip_payload_storage())
    assert len(problems) == 1
    assert "skip_payload_storage" in problems[0]
    assert _problems(Bench(how, ask()), ask()) == []


def test_a_check_of_the_protocol_that_saves_for_nobody_is_a_problem() -> None:
    """Where the user has gone on, as with a check of the request's own."""
    b = Bench(protocol().check(json_path("$.id").save_as("id")), ask())
    (problem,) = _problems(b, ask().resume_on("ack"))
    assert "saves 'id' from the reply" in problem
    assert _problems(b, ask()) == []


@pytest.mark.parametrize(
    ("written", "request_", "problem"),
    [
        (protocol().correlate_by_key(), kafka("Pay").request_reply(), "add .key(...)"),
        (protocol().correlate_by_key(), ask().key(""), "add .key(...)"),
        (protocol().correlate(header("x"), key()), ask(), "add .header('x', ...)"),
        (protocol().correlate(json_path("$.id"), key()), ask().tombstone(), "add .value(...)"),
        (protocol(), ask().header("correlationId", ""), "leave the header out"),
        (protocol().correlation_header_name("x"), ask().header("x", None), "leave the header out"),
        (protocol(), ask().correlation_header_name(""), "name the header that carries the id"),
    ],
)
def test_a_request_that_can_have_no_id_is_a_problem_of_the_plan(
    written: KafkaProtocolBuilder, request_: KafkaRequestReplyBuilder, problem: str
) -> None:
    """Told before the run, with the remedy."""
    b = Bench(written, ask())
    (told,) = _problems(b, request_)
    assert told.startswith("'Pay': ")
    assert problem in told


def _problems(b: Bench, request: KafkaRequestReplyBuilder) -> list[str]:
    compiled = request.topics("requests", "replies").compile(Compiler(), "Shop/0")
    return list(b.runtime._plan.request_problems(compiled))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: protocol().correlate("id", key()), "correlate(request=...) takes an extractor"),  # type: ignore[arg-type]
        (lambda: protocol().correlate(key(), 7), "correlate(reply=...) takes an extractor"),  # type: ignore[arg-type]
        (lambda: protocol().correlation_extractor(partition()), "cannot find an id by partition"),
        (lambda: protocol().correlation_extractor(key().find_all()), "gives the first value"),
        (lambda: protocol().correlation_extractor(key().is_("x")), "takes an extractor"),  # type: ignore[arg-type]
        (lambda: protocol().correlation_extractor(lambda: "x"), "a function of the message"),  # type: ignore[arg-type,misc]
        (lambda: protocol().correlation_ids("random"), 'takes "counter" or "uuid"'),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_place_is_refused_where_it_is_written(
    wrong: Callable[[], object], words: str
) -> None:
    """With the user's line."""
    with pytest.raises(UsageError) as refused:
        wrong()
    assert words in str(refused.value)
    assert "test_correlation.py" in str(refused.value)


def test_a_field_of_what_a_codec_reads_is_a_place() -> None:
    """As it is for checks; JSON needs no codec."""
    how = protocol().correlate(key(), field("order.id"))
    b = Bench(how, ask().as_json(), conduct=SILENCE)
    b.perform(session=ANN.set("id", "tea"))
    answer(b, b'{"order": {"id": "tea"}}')
    assert b.endings() == ["ok"]
