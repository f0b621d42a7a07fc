"""The contract for protocols finds what is wrong with one: each defect fails the test that names it."""

from collections.abc import Callable, Mapping
from typing import Final

import pytest

from gatlingpy.plan.steps import RequestPlan
from gatlingpy.protocols.dummy.dsl import dummy
from gatlingpy.protocols.dummy.runtime import DummyRuntime
from gatlingpy.session import Session
from gatlingpy.spi import Perform, Resume, Settled
from gatlingpy.stats.events import MARK, REQUEST, Event
from gatlingpy.testing.protocol_contract import ProtocolContract
from gatlingpy.testing.protocol_stage import Subject
from gatlingpy.testing.services import ManualServices
from tests.unit.protocols.dummy.bench import compiled

Defect = Callable[[DummyRuntime, ManualServices], None]
TESTS: Final = [name for name in vars(ProtocolContract) if name.startswith("test_")]


def failures(spoil: Defect) -> list[str]:
    """Return the tests of the contract that a runtime fails."""

    class Spoilt(ProtocolContract):
        def subject(self) -> Subject:
            runtime, services, requests = compiled(
                dummy("Good", "2ms"),
                dummy("Bad", "3ms").with_success(False),
                dummy("Long", 60),
                dummy("Nobody", "#{missing}"),
            )
            spoil(runtime, services)
            return Subject(runtime, services, *requests)

    failed = []
    for name in TESTS:
        try:
            getattr(Spoilt(), name)()
        except AssertionError:
            failed.append(name)
    return failed


def resuming(change: Callable[[Resume, Session, int, ManualServices], None]) -> Defect:
    """Spoil how users are woken."""

    def spoil(runtime: DummyRuntime, services: ManualServices) -> None:
        bind = runtime.bind

        def spoilt(request: RequestPlan, settled: Settled | None = None) -> Perform:
            perform = bind(request, settled)

            def performed(session: Session, intended_ns: int, resume: Resume) -> None:
                perform(session, intended_ns, lambda s, d: change(resume, s, d, services))

            return performed

        runtime.bind = spoilt  # type: ignore[method-assign]

    return spoil


def twice(resume: Resume, session: Session, due_ns: int, _: ManualServices) -> None:
    resume(session, due_ns)
    resume(session, due_ns)


def never(resume: Resume, session: Session, due_ns: int, _: ManualServices) -> None:
    return


def late(resume: Resume, session: Session, due_ns: int, services: ManualServices) -> None:
    resume(session, due_ns + 1)


def unharmed(resume: Resume, session: Session, due_ns: int, _: ManualServices) -> None:
    resume(session.mark_as_succeeded(), due_ns)


def outside(resume: Resume, session: Session, due_ns: int, _: ManualServices) -> None:
    resume(Session(session.scenario, session.user_id, failed=session.is_failed), due_ns)


def elsewhere(resume: Resume, session: Session, due_ns: int, services: ManualServices) -> None:
    """Wake the user on a thread of the protocol's own."""
    done: list[None] = []

    def step() -> None:
        if not done:
            done.append(None)
            resume(session, due_ns)

    services.spawn(f"worker-{session.user_id}", step)


def recording(change: Callable[[tuple[object, ...]], list[tuple[object, ...]]]) -> Defect:
    """Spoil what is recorded."""

    def spoil(runtime: DummyRuntime, services: ManualServices) -> None:
        def record(event: Event) -> None:
            services.events.extend(change(event))  # type: ignore[arg-type]

        runtime._record = record

    return spoil


def field(number: int, value: object) -> Defect:
    """Spoil one field of every row."""
    return recording(lambda e: [(*e[:number], value, *e[number + 1 :])] if e[0] == REQUEST else [e])


def counting(**changes: int) -> Defect:
    """Spoil the counters."""

    def spoil(runtime: DummyRuntime, _: ManualServices) -> None:
        counters = runtime.counters

        def spoilt() -> Mapping[str, int]:
            counts = counters()
            return {name: n + changes.get(name, 0) for name, n in counts.items()}

        runtime.counters = spoilt  # type: ignore[method-assign]

    return spoil


def replacing(name: str, call: Callable[..., object]) -> Defect:
    """Put something else in the place of a method."""
    return lambda runtime, _: setattr(runtime, name, call)


def only_once(name: str) -> Defect:
    """Let a method be called once and never again."""

    def spoil(runtime: DummyRuntime, _: ManualServices) -> None:
        calls: list[None] = []

        def call() -> None:
            calls.append(None)
            if len(calls) > 1:
                raise AssertionError("closed already")

        setattr(runtime, name, call)

    return spoil


def leaving_a_thread(_: DummyRuntime, services: ManualServices) -> None:
    services.spawn("forgotten", lambda: None)


def crashing(runtime: DummyRuntime, services: ManualServices) -> None:
    runtime.start = lambda: services.fatal(RuntimeError("lost"))  # type: ignore[method-assign]


def telling_no_error(_: DummyRuntime, services: ManualServices) -> None:
    services.user_error = lambda message, session: None  # type: ignore[method-assign]


def ending_late(runtime: DummyRuntime, services: ManualServices) -> None:
    end_all = runtime.end_all

    def spoilt() -> None:
        services.clock.advance(1)
        end_all()
        services.clock.advance(1)

    runtime.end_all = spoilt  # type: ignore[method-assign]


SUCCEEDS: Final = "test_a_request_that_succeeds_wakes_its_user_once_at_its_end"
FAILS: Final = "test_a_request_that_fails_fails_its_user"
CANNOT: Final = "test_a_request_that_cannot_be_made_is_an_error_of_its_user"
IN_FLIGHT: Final = "test_a_request_in_flight_is_counted_and_has_a_due_time"
END: Final = "test_the_end_of_a_run_ends_what_is_in_flight"
COURSE: Final = "test_any_course_of_requests_keeps_the_books"
CLOSING: Final = "test_closing_and_releasing_may_be_done_twice"
PLAIN: Final = "test_what_is_told_about_it_is_plain"


@pytest.mark.parametrize(
    ("defect", "expected"),
    [
        (resuming(twice), {SUCCEEDS, FAILS, CANNOT, END, COURSE}),
        (resuming(never), {SUCCEEDS, FAILS, CANNOT, END, COURSE}),
        (resuming(late), {SUCCEEDS, CANNOT}),
        (resuming(unharmed), {FAILS, CANNOT, END, COURSE}),
        (resuming(outside), {SUCCEEDS, FAILS, END, COURSE}),
        (resuming(elsewhere), {SUCCEEDS, FAILS}),
        (recording(lambda e: []), {SUCCEEDS, FAILS, END, COURSE}),
        (recording(lambda e: [e, e]), {SUCCEEDS, FAILS, END, COURSE}),
        (recording(lambda e: [e, (MARK, "too", "short")]), {SUCCEEDS, FAILS, COURSE}),
        (recording(lambda e: [e, ("NOISE", 1)]), {SUCCEEDS, COURSE}),
        (field(1, ["outer"]), {SUCCEEDS, COURSE}),
        (field(2, ""), {SUCCEEDS, COURSE}),
        (field(3, 0), {SUCCEEDS, FAILS, IN_FLIGHT, END}),
        (field(4, 10**18), {SUCCEEDS, IN_FLIGHT, END}),
        (field(5, 0), {SUCCEEDS}),
        (field(6, "lost"), {SUCCEEDS, FAILS, COURSE}),
        (field(7, "text"), {SUCCEEDS, COURSE}),
        (field(7, ""), {FAILS, COURSE}),
        (field(8, 5), {COURSE}),
        (field(9, 99), {SUCCEEDS, FAILS, END}),
        (field(10, "Other"), {SUCCEEDS, FAILS, END}),
        (counting(registered=1), {SUCCEEDS, CANNOT, IN_FLIGHT, COURSE, CLOSING}),
        (counting(in_flight=1), {SUCCEEDS, IN_FLIGHT, COURSE}),
        (counting(**{"ending.ok": 1}), {SUCCEEDS, FAILS, COURSE}),
        (replacing("in_flight", lambda: 0), {IN_FLIGHT, COURSE}),
        (replacing("latest_due_ns", lambda: 0), {IN_FLIGHT, COURSE}),
        (replacing("latest_due_ns", lambda: 5), {SUCCEEDS, IN_FLIGHT}),
        (replacing("end_all", lambda: None), {END, COURSE}),
        (ending_late, {END}),
        (only_once("close"), {CLOSING}),
        (only_once("release"), {CLOSING}),
        (leaving_a_thread, {CLOSING}),
        (crashing, {SUCCEEDS, FAILS, COURSE}),
        (telling_no_error, {CANNOT}),
    ],
)
def test_a_defect_is_found(defect: Defect, expected: set[str]) -> None:
    """By the tests that are about it."""
    assert expected <= set(failures(defect))


def test_what_is_sound_passes() -> None:
    """So that a failure means something; and a subclass has to say what it tests."""
    assert failures(lambda runtime, services: None) == []
    with pytest.raises(NotImplementedError, match=r"ProtocolContract.subject\(\) returns"):
        ProtocolContract().test_what_is_told_about_it_is_plain()


def test_notes_that_are_no_text_are_found() -> None:
    """They would break the report."""

    class Noisy(DummyRuntime):
        @property
        def notes(self) -> list[str]:
            return [None]  # type: ignore[list-item]

    def spoil(runtime: DummyRuntime, services: ManualServices) -> None:
        runtime.__class__ = Noisy

    assert failures(spoil) == [PLAIN]
