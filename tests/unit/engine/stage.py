"""A stage for walks and users under test: keeps what it is told."""

from collections.abc import Callable

from gatlingpy.engine.effects import Block
from gatlingpy.errors import FeederExhausted
from gatlingpy.plan.dice import Dice
from gatlingpy.session import Session
from gatlingpy.spi import Resume
from gatlingpy.stats.events import Event
from gatlingpy.testing.services import ManualServices


class Stage:
    """Everything that walks (``stage.Stage``) and users (``users.Backstage``) need of a run."""

    def __init__(self) -> None:
        self.services = ManualServices()
        self.clock = self.services.clock
        self.loop = self.services.loop
        self.events = self.services.events
        self.record: Callable[[Event], None] = self.services.record
        self.errors = self.services.errors
        self.user_error = self.services.user_error
        self.uniform = Dice(7).uniform
        self.out_of_records: list[FeederExhausted] = []
        self.blocked: list[tuple[Block, Resume]] = []
        self.stops: list[tuple[str, bool]] = []
        self.rounds = 0

    @property
    def now_ns(self) -> Callable[[], int]:
        return self.clock.now_ns

    def exhausted(self, error: FeederExhausted) -> None:
        self.out_of_records.append(error)

    def stop_load(self, message: str, *, crash: bool) -> None:
        self.stops.append((message, crash))

    def blocking(self, effect: Block, resume: Resume) -> None:
        self.blocked.append((effect, resume))


def nothing(session: Session, intended_ns: int, resume: Resume) -> None:
    """Perform no request: the test wakes the user itself."""
