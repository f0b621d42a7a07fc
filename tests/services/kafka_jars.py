"""The jars of a real Kafka broker, resolved once by Maven and kept."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.services.offer import ServiceUnavailable

KAFKA_VERSION = "4.3.1"
_LOG4J_VERSION = "2.25.4"
_JAVA_NEEDED = 17
_MAVEN_S = 600

_POM = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>gatlingpy</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>{_LOG4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""


def services_folder() -> Path:
    """Return the folder where programs for tests are kept; git ignores it."""
    default = Path(__file__).parents[2] / ".services"
    return Path(os.environ.get("GATLINGPY_SERVICES_DIR") or default)


def java() -> str:
    """Return the Java program; raises ServiceUnavailable if there is none that is new enough."""
    program = shutil.which("java")
    if program is None:
        raise ServiceUnavailable("java is not installed")
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    if found is None or int(found[1]) < _JAVA_NEEDED:
        what = said.splitlines()[0] if said else "an unknown version"
        raise ServiceUnavailable(f"Kafka {KAFKA_VERSION} needs Java {_JAVA_NEEDED}, not {what}")
    return program


def kafka_jars() -> Path:
    """Return the folder of the jars; the first call on a machine resolves them.

    Thread and process: any; a second caller waits for the first.  Raises ServiceUnavailable if
    Maven is missing or cannot resolve.
    """
    folder = services_folder() / "kafka"
    jars = folder / KAFKA_VERSION
    if jars.is_dir():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise ServiceUnavailable("mvn is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.is_dir():
            _resolve(maven, folder, jars)
    return jars


def _resolve(maven: str, folder: Path, jars: Path) -> None:
    """Fill the folder of the jars; it appears whole or not at all."""
    pom = folder / "pom.xml"
    pom.write_text(_POM)
    half_done = folder / f"{KAFKA_VERSION}.part"
    shutil.rmtree(half_done, ignore_errors=True)
    goal = "dependency:copy-dependencies"
    command = [maven, "-q", "-B", "-f", str(pom), goal, f"-DoutputDirectory={half_done}"]
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=_MAVEN_S)
    except subprocess.TimeoutExpired as exc:
        raise ServiceUnavailable(f"Maven did not resolve Kafka within {_MAVEN_S} s") from exc
    except subprocess.CalledProcessError as exc:
        tail = " ".join(exc.stdout.splitlines()[-5:])
        raise ServiceUnavailable(f"Maven cannot resolve Kafka {KAFKA_VERSION}: {tail}") from exc
    half_done.rename(jars)


def main() -> None:
    """Resolve the jars before a test has to wait for them, or say why that cannot be."""
    try:
        kafka_jars()
    except ServiceUnavailable as exc:
        sys.exit(f"Kafka {KAFKA_VERSION}: {exc}")
    sys.stdout.write(f"Kafka {KAFKA_VERSION} is there.\n")


if __name__ == "__main__":
    main()
