"""Checks that read a request whose value is not kept are told of before the run."""

import pytest

from gatlingpy import (
    PlanError,
    Simulation,
    at_once_users,
    check_if,
    compile_plan,
    json_field_equals,
    json_path,
    kafka,
    response_equals,
    scenario,
)
from gatlingpy.dsl.checks import CheckArgument
from gatlingpy.errors import UsageError


def planned(own: list[CheckArgument], general: list[CheckArgument], *, keeps: bool) -> object:
    """Compile a request with checks of its own and of its protocol."""

    class Kept(Simulation):
        def __init__(self) -> None:
            ask = kafka("Ask").request_reply().topics("requests", "replies").check(*own)
            ask = ask if keeps else ask.skip_payload_storage()
            protocol = kafka().bootstrap_servers("localhost:9092").check(*general)
            self.set_up(scenario("S").exec(ask).inject_open(at_once_users(1))).protocols(protocol)

    return compile_plan(Kept)


READING: list[list[CheckArgument]] = [
    [response_equals()],
    [json_field_equals("$.id")],
    ["same", lambda request, reply: request == reply],
    [check_if("#{flag}", response_equals())],
]


@pytest.mark.parametrize("checks", READING)
def test_what_reads_the_request_needs_its_value(checks: list[CheckArgument]) -> None:
    """Whether the check is the request's own or its protocol's."""
    assert planned(checks, checks, keeps=True)
    for own, general in ((checks, []), ([], checks)):
        with pytest.raises(UsageError) as refused:
            planned(own, general, keeps=False)
        assert "'Ask' does not keep its request, but the check " in str(refused.value)


def test_what_reads_the_reply_alone_does_not() -> None:
    """Nor do its conditions."""
    alone: list[CheckArgument] = [
        json_path("$.id").is_("#{id}"), "alone", lambda reply: True, check_if("#{a}", json_path("$.b")),
    ]  # fmt: skip
    assert planned(alone, alone, keeps=False)


def test_each_problem_is_told() -> None:
    """All at once."""
    with pytest.raises(PlanError) as refused:
        planned(
            [response_equals(), json_field_equals("$.id")],
            [response_equals().name("N")],
            keeps=False,
        )
    assert len(refused.value.problems) == 3
