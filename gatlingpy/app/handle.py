"""The run as a simulation's hooks see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gatlingpy.dsl.duration import Duration, to_ns
from gatlingpy.engine.processes import Processes
from gatlingpy.errors import UsageError
from gatlingpy.spi import ProtocolRuntime


@dataclass
class RunHandle:
    """The run as ``before`` and ``after`` see it (``dsl.setup.Run``)."""

    folder: Path
    run_id: str
    _runtimes: Sequence[ProtocolRuntime]
    _processes: Processes

    @property
    def bootstrap_servers(self) -> str:
        """The brokers of the first Kafka protocol, the embedded broker's included."""
        for runtime in self._runtimes:
            if "bootstrap_servers" in runtime.addresses:
                return runtime.addresses["bootstrap_servers"]
        raise UsageError("run.bootstrap_servers: this simulation has no Kafka protocol")

    @property
    def clusters(self) -> tuple[str, ...]:
        """The brokers of each Kafka protocol, in the order in which they are given."""
        reached = [runtime.addresses.get("bootstrap_servers") for runtime in self._runtimes]
        return tuple(servers for servers in reached if servers is not None)

    def start_process(
        self, argv: list[str], *, ready: str | None = None, timeout: Duration = 30
    ) -> object:
        """Start a process that lives as long as the run."""
        seconds = to_ns(timeout, "start_process(timeout=...)") / 1e9
        return self._processes.start(argv, ready, seconds)
