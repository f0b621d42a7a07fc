"""What a consumed record makes of the user who takes it: checks, then what is saved of it."""

from collections.abc import Iterator
from dataclasses import replace

from gatlingpy.plan.check_rules import reads_request
from gatlingpy.plan.checks import Check, ConditionalCheck
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.expression import guarded
from gatlingpy.protocols.kafka.requests import KafkaConsume
from gatlingpy.session import Session
from gatlingpy.tracking.decoding import Format, Payload, Unreadable
from gatlingpy.tracking.pending import Verdict
from gatlingpy.tracking.steps import Evaluate, Step
from gatlingpy.tracking.verdict import compile_verdict
from gatlingpy.tracking.wording import explain


def consume_verdict(
    plan: KafkaConsume, every: tuple[Check, ...], code: CodeTable, form: Format
) -> Verdict | None:
    """Compile the checks of every record and the request's own; ``None`` if nothing is asked.

    Of those of every record, what compares a reply with its request is left out: there is none.
    """
    checks = (*_of_replies(every), *plan.checks)
    then = [Step(_saving(plan, code, form), reads_session=False)] if plan.save_as else []
    unsent = form._replace(kept=False)
    return compile_verdict(checks, code, requests=unsent, replies=form, then=then, side="record")


def _of_replies(checks: tuple[Check, ...]) -> Iterator[Check]:
    for check in checks:
        if isinstance(check, ConditionalCheck):
            inner = tuple(_of_replies(check.checks))
            if inner:
                yield replace(check, checks=inner)
        elif not reads_request(check):
            yield check


def _saving(plan: KafkaConsume, code: CodeTable, form: Format) -> Evaluate:
    key, label = plan.save_as, f"saveAs({plan.save_as})"
    if plan.save is not None:
        make = guarded(code[plan.save], plan.save.where)

        def save_made(
            record: Payload, _request: Payload | None, _session: Session, saved: dict[str, object]
        ) -> str | None:
            try:
                saved[key] = make(record.message)
            except BaseException as error:  # noqa: BLE001 - user code
                return f"{label} crashed: {explain(error)}"
            return None

        return save_made

    def save_value(
        record: Payload, _request: Payload | None, _session: Session, saved: dict[str, object]
    ) -> str | None:
        try:
            saved[key] = None if record.data is None else record.read(form.decode)
        except Unreadable as error:
            return f"{label}: {error}"
        return None

    return save_value
