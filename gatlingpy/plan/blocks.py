"""What all steps that hold steps have in common."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatlingpy.plan.steps import Step


class Block:
    """A step that holds steps: by itself in ``body``, unless it says otherwise."""

    __slots__ = ()

    body: "tuple[Step, ...]"

    @property
    def bodies(self) -> "tuple[tuple[Step, ...], ...]":
        """The steps inside, one tuple for each way through the block."""
        return (self.body,)
