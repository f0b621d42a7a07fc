"""A codec while it is being written; it may hold functions and classes of the user's."""

from typing import Protocol, runtime_checkable

from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka.codecs.plan import CodecPlan


@runtime_checkable
class CodecBuilder(Protocol):
    """What compiles to a codec."""

    def compile(self, path: str, code: CodeTable) -> CodecPlan:
        """Return the codec; its functions and classes go into ``code`` under ``path``."""
