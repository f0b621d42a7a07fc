"""Programs in Java for tests: Maven resolves their jars once, and they are kept."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.services.offer import ServiceUnavailable

_MAVEN_S = 600

_DEPENDENCY = """\
    <dependency>
      <groupId>{}</groupId>
      <artifactId>{}</artifactId>
      <version>{}</version>
    </dependency>
"""

_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>gatlingpy</groupId>
  <artifactId>{}-for-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
{}  </dependencies>
</project>
"""


def services_folder() -> Path:
    """Return the folder where programs for tests are kept; git ignores it."""
    default = Path(__file__).parents[2] / ".services"
    return Path(os.environ.get("GATLINGPY_SERVICES_DIR") or default)


@dataclass(frozen=True)
class JavaProgram:
    """A program that Maven can resolve, and what it needs."""

    name: str
    version: str
    java_needed: int
    dependencies: tuple[tuple[str, str, str], ...]
    """Group, artifact and version of each."""

    def java(self) -> str:
        """Return the Java to run it; raises ServiceUnavailable if there is none that is new enough."""
        program = shutil.which("java")
        if program is None:
            raise ServiceUnavailable("java is not installed")
        said = subprocess.run(
            [program, "-version"], capture_output=True, text=True, check=False
        ).stderr
        found = re.search(r'version "(\d+)', said)
        if found is None or int(found[1]) < self.java_needed:
            what = said.splitlines()[0] if said else "an unknown version"
            raise ServiceUnavailable(
                f"{self.name} {self.version} needs Java {self.java_needed}, not {what}"
            )
        return program

    def jars(self) -> Path:
        """Return the folder of the jars; the first call on a machine resolves them.

        Thread and process: any; a second caller waits for the first.  Raises ServiceUnavailable if
        Maven is missing or cannot resolve.
        """
        folder = services_folder() / self.name.lower()
        jars = folder / self.version
        if jars.is_dir():
            return jars
        maven = shutil.which("mvn")
        if maven is None:
            raise ServiceUnavailable("mvn is not installed")
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not jars.is_dir():
                self._resolve(maven, folder, jars)
        return jars

    def _resolve(self, maven: str, folder: Path, jars: Path) -> None:
        """Fill the folder of the jars; it appears whole or not at all."""
        pom = folder / "pom.xml"
        wanted = "".join(_DEPENDENCY.format(*dependency) for dependency in self.dependencies)
        pom.write_text(_POM.format(self.name.lower(), wanted))
        half_done = folder / f"{self.version}.part"
        shutil.rmtree(half_done, ignore_errors=True)
        goal = "dependency:copy-dependencies"
        command = [maven, "-q", "-B", "-f", str(pom), goal, f"-DoutputDirectory={half_done}"]
        try:
            subprocess.run(command, capture_output=True, text=True, check=True, timeout=_MAVEN_S)
        except subprocess.TimeoutExpired as exc:
            raise ServiceUnavailable(
                f"Maven did not resolve {self.name} within {_MAVEN_S} s"
            ) from exc
        except subprocess.CalledProcessError as exc:
            tail = " ".join(exc.stdout.splitlines()[-5:])
            raise ServiceUnavailable(
                f"Maven cannot resolve {self.name} {self.version}: {tail}"
            ) from exc
        half_done.rename(jars)

    def fetch(self) -> None:
        """Resolve the jars before a test has to wait for them; exit with the reason if not."""
        try:
            self.jars()
        except ServiceUnavailable as exc:
            sys.exit(f"{self.name} {self.version}: {exc}")
        sys.stdout.write(f"{self.name} {self.version} is there.\n")
