"""The real Gatling, which reads a log and writes its own report of it."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.services.maven import JavaProgram
from tests.services.offer import ServiceBroken

GATLING = JavaProgram(
    "Gatling",
    "3.9.5",
    java_needed=11,
    dependencies=(("io.gatling.highcharts", "gatling-charts-highcharts", "3.9.5"),),
)
_LONGEST_S = 120
_RUN = "run"

# It tells, at the level of debugging, which lines of a log it cannot read.
_LOGGING = """\
<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><charset>UTF-8</charset><pattern>LOGGED %msg%n</pattern></encoder>
  </appender>
  <logger name="io.gatling.charts.stats.LogFileReader" level="DEBUG"/>
  <logger name="io.gatling.commons.util.LatestGatlingRelease$" level="OFF"/>
  <root level="WARN"><appender-ref ref="OUT"/></root>
</configuration>
"""
_SKIPPED = re.compile(r"^LOGGED Record broken on line (\d+): (\w*)", re.MULTILINE)


@dataclass(frozen=True)
class GatlingReport:
    """What Gatling made of a log."""

    folder: Path
    printed: str
    exit_code: int
    """0, or 2 if an assertion failed."""

    def load(self, name: str) -> object:
        """Return the content of one of its JSON files, such as ``js/stats.json``."""
        value: object = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return value

    def skipped(self) -> dict[int, str]:
        """Return the lines that it could not read: their numbers, from 1, and their first words."""
        return {int(number): word for number, word in _SKIPPED.findall(self.printed)}

    def verdicts(self) -> list[str]:
        """Return the lines about assertions, which it prints last."""
        lines = self.printed.splitlines()
        place = next(i for i, line in enumerate(lines) if line.startswith("Please open the follow"))
        return lines[place + 1 :]


class RealGatling:
    """Gatling, made to report on logs that lie there; it asks nobody, and leaves no trace."""

    def __init__(self, java: str, jars: Path) -> None:
        """``jars`` holds it and all that it needs."""
        self._java, self._jars = java, jars

    def read(self, log: Path, folder: Path) -> GatlingReport:
        """Have a log read; ``folder``, which is made, will hold the report.

        Raises ServiceBroken, with what it printed, if it fails.
        """
        (folder / _RUN).mkdir(parents=True)
        shutil.copyfile(log, folder / _RUN / "simulation.log")
        (folder / "logback.xml").write_text(_LOGGING)
        command = [
            self._java,
            "-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-Dfile.encoding=UTF-8", "-Dsun.stdout.encoding=UTF-8", "-Dstdout.encoding=UTF-8",
            # Without these it would tell its makers of the run, ask for its newest version, which
            # may take long where there is no network, and note the answer in the home folder.
            "-Dgatling.data.enableAnalytics=false",
            "-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=1",
            f"-Djava.util.prefs.userRoot={folder}",
            "-cp", f"{folder}:{self._jars}/*",
            "io.gatling.app.Gatling", "-ro", _RUN, "-rf", str(folder),
        ]  # fmt: skip
        try:
            ended = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, encoding="utf-8", check=False, timeout=_LONGEST_S,
            )  # fmt: skip
        except subprocess.TimeoutExpired as exc:
            raise ServiceBroken(f"Gatling did not read {log} within {_LONGEST_S} s") from exc
        if ended.returncode not in {0, 2}:
            raise ServiceBroken(
                f"Gatling ended with code {ended.returncode} on {log}:\n{ended.stdout}"
            )
        return GatlingReport(folder / _RUN, ended.stdout, ended.returncode)


def find_gatling() -> RealGatling:
    """Return Gatling; raises ServiceUnavailable without Java, or without Maven and the jars."""
    return RealGatling(GATLING.java(), GATLING.jars())


if __name__ == "__main__":
    GATLING.fetch()
