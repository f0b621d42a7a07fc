"""What a check looks at may be a template: it is resolved with what the run lends."""

from gatlingpy.dsl.checks import as_check, substring
from gatlingpy.plan.checks import SerializationType
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.dice import Dice
from gatlingpy.session import Session
from gatlingpy.spi import PlainMessage
from gatlingpy.tracking.decoding import plain_format
from gatlingpy.tracking.verdict import compile_verdict


def test_a_text_that_is_looked_for_may_be_drawn() -> None:
    """From the dice of the run, and so the same in each run of a seed."""
    code = CodeTable(dice=Dice(4))
    check = as_check(substring("<#{random_int(0, 1000)}>")).compile("check", code)
    text = SerializationType.STRING
    verdict = compile_verdict(
        [check], code, requests=plain_format(text), replies=plain_format(text)
    )
    assert verdict is not None
    expected = Dice(4).below(7, 1000)
    reply = PlainMessage("replies", b"key", f"a <{expected}> b".encode(), (), 0, 1, 2)
    _, failure = verdict(b"", reply, Session("Pay", 7))
    assert failure is None
    assert list(code.dice._next) == [7]
