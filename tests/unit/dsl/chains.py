"""Chains for tests, and what they compile to."""

from gatlingpy.dsl.chain import Blocks, exec, pause  # noqa: A004
from gatlingpy.dsl.compiler import Compiler
from gatlingpy.plan.code import CodeRef, Const
from gatlingpy.plan.pauses import Pause
from gatlingpy.plan.steps import Exec, Step
from gatlingpy.session import Session


def same(session: Session) -> Session:
    """Change nothing."""
    return session


def holds(session: Session) -> bool:
    """Hold always."""
    return True


A = pause(1)
B = pause(2)
PAUSE_A = Pause(Const(1.0))
PAUSE_B = Pause(Const(2.0))
CALL = exec(same)


def steps_of(chain: Blocks) -> tuple[Step, ...]:
    """Compile a chain under the path ``S``."""
    return chain.compile(Compiler(), "S")


def step_of(chain: Blocks) -> Step:
    """Compile a chain of one step."""
    (step,) = steps_of(chain)
    return step


def called(path: str) -> Exec:
    """Return the step that ``CALL`` compiles to at a place."""
    return Exec(CodeRef(path))
