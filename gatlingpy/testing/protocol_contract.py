"""What every protocol must keep (``spi.ProtocolRuntime``), as tests for whoever writes one.

    class TestMyProtocol(ProtocolContract):
        def subject(self) -> Subject:
            services = ManualServices()
            ...
            return Subject(MyRuntime(plan, services), services, succeeds=..., fails=..., ...)

pytest collects the tests of the subclass; each takes a new subject.  No thread is started: the
protocol's threads are those of ``ManualServices``, whose steps are played here.
"""

from random import Random

from gatlingpy.plan.steps import RequestPlan
from gatlingpy.session import Session
from gatlingpy.stats.closing import count_problems
from gatlingpy.stats.events import Ending
from gatlingpy.status import GroupBlock
from gatlingpy.testing.event_form import event_problems
from gatlingpy.testing.protocol_stage import MS, Performed, ProtocolStage, Subject

_LATE_MS = 100
"""How long after its due time a request must surely have ended."""


def _groups(session: Session) -> list[GroupBlock]:
    return [block for block in session.blocks if isinstance(block, GroupBlock)]


def _must(holds: object, what: str) -> None:
    if not holds:
        raise AssertionError(what)


class ProtocolContract:
    """The tests; a subclass whose name pytest collects gives the subject."""

    def subject(self) -> Subject:
        """Return a protocol that has not been prepared, and its requests: new ones each time."""
        raise NotImplementedError(f"{type(self).__name__}.subject() returns the protocol to test")

    # --- one request -----------------------------------------------------------------------------

    def test_a_request_that_succeeds_wakes_its_user_once_at_its_end(self) -> None:
        """Its row, its user's session and the books say the same."""
        subject = self.subject()
        stage = ProtocolStage(subject)
        stage.services.clock.advance(7 * MS)
        intended_ns = stage.now_ns - 3 * MS
        performed = stage.perform(subject.succeeds, "outer", "inner", intended_ns=intended_ns)
        stage.play()
        self._check_ended_once(stage, performed, Ending.OK)
        (session, due_ns) = performed.resumes[0]
        row = stage.row_of(performed)
        _must(row is not None and row.intended_ns == intended_ns, f"not as intended: {row}")
        _must(row is not None and row.groups == ("outer", "inner"), f"not in its groups: {row}")
        _must(row is not None and due_ns == row.end_ns, f"resumed at {due_ns}, but ended: {row}")
        _must(not session.is_failed, f"a success failed its user: {session}")
        self._check_books(stage)

    def test_a_request_that_fails_fails_its_user(self) -> None:
        """And every group that the user is inside."""
        subject = self.subject()
        stage = ProtocolStage(subject)
        performed = stage.perform(subject.fails, "outer", "inner")
        stage.play()
        self._check_ended_once(stage, performed)
        session, _ = performed.resumes[0]
        row = stage.row_of(performed)
        _must(row is not None and row.ending != Ending.OK, f"it was to fail: {row}")
        _must(session.is_failed, f"a failure left its user unharmed: {session}")
        _must(all(block.failed for block in _groups(session)), f"a group is unharmed: {session}")
        self._check_books(stage)

    def test_a_request_that_cannot_be_made_is_an_error_of_its_user(self) -> None:
        """No request is counted; the user goes on at once, failed."""
        subject = self.subject()
        stage = ProtocolStage(subject)
        performed = stage.perform(subject.cannot)
        _must(len(performed.resumes) == 1, "its user was not woken at once")
        session, due_ns = performed.resumes[0]
        _must(session == performed.session.mark_as_failed(), f"its user is not failed: {session}")
        _must(due_ns == stage.now_ns, f"woken for {due_ns}, not for now")
        stage.play()
        _must(len(stage.services.errors) == 1, f"one user_error, not {stage.services.errors}")
        _must(not list(stage.rows()), f"it has a row: {list(stage.rows())}")
        _must(not stage.runtime.counters()["registered"], "it was registered")
        self._check_books(stage)

    def test_a_request_in_flight_is_counted_and_has_a_due_time(self) -> None:
        """By the time it is due it has ended by itself."""
        subject = self.subject()
        stage = ProtocolStage(subject)
        _must(stage.runtime.latest_due_ns() == 0, "something is due before anything is in flight")
        performed = stage.perform(subject.lasts)
        stage.play()
        counters = stage.runtime.counters()
        _must(not performed.resumes, "it was to last")
        _must(stage.runtime.in_flight() == 1, f"{stage.runtime.in_flight()} in flight, not 1")
        _must(counters["registered"] == counters["in_flight"] == 1, f"not counted: {counters}")
        due_ns = stage.runtime.latest_due_ns()
        _must(due_ns > stage.now_ns, f"due at {due_ns}, which is over at {stage.now_ns}")
        stage.services.advance(due_ns - stage.now_ns)
        stage.play(_LATE_MS)
        self._check_ended_once(stage, performed)
        row = stage.row_of(performed)
        _must(row is not None and row.end_ns <= due_ns, f"stamped after it was due: {row}")
        self._check_books(stage)

    def test_whoever_goes_on_before_the_end_is_told_of_it_once(self) -> None:
        """``settled`` is called for a detached request that ended, was ended, or was refused."""
        subject = self.subject()
        kinds = (subject.succeeds, subject.fails, subject.lasts, subject.cannot)
        _must(not any(plan.detached for plan in kinds), "only `detached` may be detached")
        if subject.detached is None:
            return
        _must(subject.detached.detached, "`detached` is not detached")
        for ended_by_the_run in (False, True):
            subject = self.subject()
            stage = ProtocolStage(subject)
            performed = [stage.perform(subject.detached or subject.lasts) for _ in range(3)]
            if ended_by_the_run:
                stage.runtime.end_all()
            stage.play()
            _must([p.settled for p in performed] == [1, 1, 1], f"settled: {performed}")
            _must([len(p.resumes) for p in performed] == [1, 1, 1], f"woken: {performed}")
            self._check_books(stage)

    # --- many, and the end -----------------------------------------------------------------------

    def test_the_end_of_a_run_ends_what_is_in_flight(self) -> None:
        """As ``run-ended``, now, its user failed; what comes afterwards changes nothing."""
        subject = self.subject()
        stage = ProtocolStage(subject)
        performed = [stage.perform(subject.lasts, "group") for _ in range(3)]
        stage.play(3)
        stage.runtime.end_all()
        now = stage.now_ns
        for one in performed:
            self._check_ended_once(stage, one, Ending.RUN_ENDED)
            row = stage.row_of(one)
            _must(row is not None and row.end_ns == now, f"not ended now, at {now}: {row}")
            _must(one.resumes[0][0].is_failed, f"its user is not failed: {one.resumes}")
        stage.runtime.end_all()
        stage.play()
        stage.services.advance(3_600_000 * MS)
        _must(len(list(stage.rows())) == 3, "something ended once more after the end")
        self._check_books(stage)

    def test_any_course_of_requests_keeps_the_books(self) -> None:
        """Every request that is performed ends once and wakes its user once."""
        for seed in range(12):
            subject = self.subject()
            stage = ProtocolStage(subject)
            dice = Random(seed)
            kinds = (
                subject.succeeds,
                subject.succeeds,
                subject.fails,
                subject.lasts,
                subject.cannot,
            )
            for _ in range(40):
                stage.perform(dice.choice(kinds), *["group"] * dice.randrange(3))
                stage.play(dice.choice((0, 0, 1, 5)))
                self._check_counters(stage)
            stage.runtime.end_all()
            stage.runtime.close()
            stage.play(5)
            for performed in stage.performed:
                if performed.plan is subject.cannot:
                    _must(len(performed.resumes) == 1, f"woken {len(performed.resumes)} times")
                else:
                    self._check_ended_once(stage, performed)
            self._check_books(stage)

    def test_closing_and_releasing_may_be_done_twice(self) -> None:
        """Whether anything was performed or not; the counters can be read afterwards."""
        for plans in ((), ("succeeds", "fails")):
            subject = self.subject()
            stage = ProtocolStage(subject)
            for name in plans:
                plan: RequestPlan = getattr(subject, name)
                stage.perform(plan)
            stage.play()
            stage.runtime.end_all()
            for call in (stage.runtime.close, stage.runtime.release):
                call()
                call()
            left = [name for name, w in stage.services.workers.items() if not w.closed]
            _must(not left, f"threads are left: {left}")
            _must(stage.runtime.counters()["registered"] == len(plans), "the counters are lost")
            self._check_books(stage)

    def test_what_is_told_about_it_is_plain(self) -> None:
        """Addresses and notes are text."""
        subject = self.subject()
        runtime = ProtocolStage(subject).runtime
        texts = [*runtime.addresses, *runtime.addresses.values(), *runtime.notes]
        _must(all(texts), f"an empty text, or none: {texts}")

    # --- what always holds -----------------------------------------------------------------------

    def _check_ended_once(
        self, stage: ProtocolStage, performed: Performed, ending: Ending | None = None
    ) -> None:
        user, plan = performed.session.user_id, performed.plan.label
        rows = [row for row in stage.rows() if row.user == user]
        _must(len(rows) == 1, f"{plan!r} has {len(rows)} rows, not 1: {rows}")
        _must(len(performed.resumes) == 1, f"{plan!r} woke its user {len(performed.resumes)} times")
        (row,), ((session, _),) = rows, performed.resumes
        _must(ending in {None, row.ending}, f"{plan!r} was to end as {ending}: {row}")
        _must(row.start_ns >= performed.start_ns, f"{plan!r} began before it was performed: {row}")
        _must(row.scenario == session.scenario, f"{plan!r} is of another scenario: {row}")
        _must(session.user_id == user, f"user {user} went on as {session}")
        _must(session.groups == performed.session.groups, f"{plan!r} changed groups: {session}")
        took_ns = max(row.end_ns - row.start_ns, MS)
        added = [block.cumulated_ns for block in _groups(session)]
        _must(set(added) <= {took_ns}, f"{plan!r} took {took_ns} ns, its groups have {added}")
        failed = row.ending != Ending.OK
        _must(session.is_failed == failed, f"{plan!r} ended as {row.ending}: {session}")

    def _check_counters(self, stage: ProtocolStage) -> None:
        counters = stage.runtime.counters()
        ended = sum(counters.get(f"ending.{ending}", 0) for ending in Ending)
        in_flight = stage.runtime.in_flight()
        _must(counters["in_flight"] == in_flight, f"in_flight() is {in_flight}: {counters}")
        _must(counters["registered"] == ended + in_flight, f"the books do not balance: {counters}")
        _must(ended == len(list(stage.rows())), f"{ended} have ended, with other rows: {counters}")
        due_ns = stage.runtime.latest_due_ns()
        _must(bool(due_ns) == bool(in_flight), f"{in_flight} in flight, the latest due at {due_ns}")

    def _check_books(self, stage: ProtocolStage) -> None:
        """Check a protocol in which nothing is in flight any more."""
        self._check_counters(stage)
        _must(stage.runtime.in_flight() == 0, f"{stage.runtime.in_flight()} are in flight")
        problems = list(count_problems(stage.runtime.counters()))
        problems += [text for event in stage.services.events for text in event_problems(event)]
        problems += [*stage.astray, *(f"fatal({error!r})" for error in stage.services.failures)]
        _must(not problems, "; ".join(problems))
        tokens = [row.token for row in stage.rows()]
        _must(len(set(tokens)) == len(tokens), f"tokens are not unique: {tokens}")
