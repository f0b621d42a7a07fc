"""A check that is a function of the session and the reply."""

from collections.abc import Callable
from dataclasses import dataclass

from gatlingpy.dsl.check_arguments import must_be_text, must_take
from gatlingpy.dsl.message_check import Judgement
from gatlingpy.dsl.where import function_line, user_line
from gatlingpy.plan.checks import SessionCheckPlan
from gatlingpy.plan.code import CodeTable


@dataclass(frozen=True, slots=True)
class SessionCheck:
    """Asks a named function of yours about the session and the decoded reply."""

    name: str
    function: Callable[..., Judgement]
    where: str

    def compile(self, path: str, code: CodeTable) -> SessionCheckPlan:
        """Return the check for the plan; its function goes into ``code``."""
        ref = code.add(f"{path}/check", self.function, function_line(self.function))
        return SessionCheckPlan(self.name, ref, self.where)


def session_check(name: str, function: Callable[..., Judgement]) -> SessionCheck:
    """Expect what a function of the session and the reply says: ``None`` or ``True`` passes.

    The reply is decoded as the request declares it; a tombstone is ``None``.  A text, or a raised
    CheckFailed, fails with that message; ``False`` fails with the check's name.
    """
    must_be_text("session_check", name)
    must_take("session_check", function, "the session", "the reply")
    return SessionCheck(name, function, user_line())
