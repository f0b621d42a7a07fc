"""The program of a real schema registry, as its makers pack it: Apicurio, which speaks Confluent's
API."""

import fcntl
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.services.maven import JavaProgram, services_folder
from tests.services.offer import ServiceUnavailable

VERSION = "3.0.9"
"""The last one that runs on Java 17."""

_ARTIFACT = "io.apicurio:apicurio-registry-app:{}:tar.gz:all"
_MAVEN_S = 600


def registry_java() -> str:
    """Return the Java to run it; raises ServiceUnavailable if there is none that is new enough."""
    return JavaProgram("Apicurio Registry", VERSION, 17, ()).java()


def registry_folder() -> Path:
    """Return the folder of the program; the first call on a machine resolves it with Maven.

    Thread and process: any; a second caller waits for the first.  Raises ServiceUnavailable if
    Maven is missing or cannot resolve.
    """
    folder = services_folder() / "apicurio"
    program = folder / VERSION
    if program.is_dir():
        return program
    maven = shutil.which("mvn")
    if maven is None:
        raise ServiceUnavailable("mvn is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.is_dir():
            _resolve(maven, folder, program)
    return program


def _resolve(maven: str, folder: Path, program: Path) -> None:
    """Fill the folder; it appears whole or not at all."""
    half_done = folder / f"{VERSION}.part"
    shutil.rmtree(half_done, ignore_errors=True)
    artifact = _ARTIFACT.format(VERSION)
    command = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={artifact}"]
    command.append(f"-DoutputDirectory={half_done}")
    try:
        subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True, timeout=_MAVEN_S
        )
    except subprocess.TimeoutExpired as exc:
        raise ServiceUnavailable(f"Maven did not resolve {artifact} within {_MAVEN_S} s") from exc
    except subprocess.CalledProcessError as exc:
        tail = " ".join(exc.stdout.splitlines()[-5:])
        raise ServiceUnavailable(f"Maven cannot resolve {artifact}: {tail}") from exc
    (packed,) = half_done.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(half_done, filter="data")
    packed.unlink()
    half_done.rename(program)


if __name__ == "__main__":
    try:
        registry_folder()
    except ServiceUnavailable as exc:
        sys.exit(f"Apicurio Registry {VERSION}: {exc}")
    sys.stdout.write(f"Apicurio Registry {VERSION} is there.\n")
