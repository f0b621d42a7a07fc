"""Files that clients prove themselves with: what is wrong is told by property and path."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from gatlingpy.protocols.kafka.credential_files import file_problems

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def openssl(*arguments: str, **environment: str) -> None:
    subprocess.run(
        ["openssl", *arguments], env=os.environ | environment, capture_output=True, check=True
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two keys, a certificate, and what else such files may hold."""
    folder = tmp_path_factory.mktemp("files")
    curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    for name in ("key", "other"):
        openssl("genpkey", *curve, "-out", str(folder / f"{name}.pem"))
    key, certificate = str(folder / "key.pem"), str(folder / "cert.pem")
    openssl("req", "-x509", "-new", "-key", key, "-subj", "/CN=x", "-out", certificate)
    openssl("x509", "-in", certificate, "-outform", "DER", "-out", str(folder / "cert.der"))
    openssl(
        "pkcs8", "-topk8", "-in", key, "-passout", "env:PW", "-out", str(folder / "locked.pem"),
        PW="of the key",
    )  # fmt: skip
    openssl(
        "pkcs12", "-export", "-in", certificate, "-inkey", key, "-passout", "env:PW",
        "-out", str(folder / "store.p12"), PW="of the store",
    )  # fmt: skip
    (folder / "store.jks").write_bytes(b"\xfe\xed\xfe\xed\x00\x00\x00\x02rest")
    (folder / "text").write_text("no PEM at all\n")
    (folder / "broken.pem").write_text(
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    )
    return folder


def problems(folder: Path, protocol: str = "SSL", **named: str) -> list[str]:
    names = {"ca": "ssl.ca.location", "cert": "ssl.certificate.location"}
    names |= {"key": "ssl.key.location", "store": "ssl.keystore.location"}
    properties = {
        names[short]: str(folder / file) for short, file in named.items() if short in names
    }
    if "password" in named:
        properties["ssl.key.password"] = named["password"]
    return list(file_problems({"security.protocol": protocol} | properties))


@pytest.mark.parametrize(
    "named",
    [
        {"ca": "cert.pem"},
        {"ca": "."},
        {"ca": "cert.pem", "cert": "cert.pem", "key": "key.pem"},
        {"cert": "cert.pem", "key": "locked.pem", "password": "of the key"},
        {"cert": "cert.pem", "key": "key.pem", "password": "needless"},
        {"store": "store.p12"},
        {},
    ],
)
def test_good_files_pass(made: Path, named: dict[str, str]) -> None:
    """A folder of CAs as well."""
    assert problems(made, **named) == []


def test_the_systems_own_certificates_are_no_file() -> None:
    """librdkafka looks for them by a word."""
    assert list(file_problems({"security.protocol": "ssl", "ssl.ca.location": "probe"})) == []


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"ca": "none.pem"}, "ssl.ca.location '{}/none.pem' cannot be read: No such file"),
        ({"cert": "."}, "ssl.certificate.location '{}' cannot be read: Is a directory"),
        ({"ca": "text"}, "ssl.ca.location '{}/text' holds no certificate in PEM"),
        ({"ca": "cert.der"}, "openssl x509 -inform der -in {}/cert.der -out ca-cert.pem"),
        ({"ca": "store.jks"}, "'{}/store.jks' is a store of Java's, not PEM: keytool -exportcert"),
        ({"store": "store.jks"}, "'{}/store.jks' is a JKS, not PKCS#12: keytool -importkeystore"),
        ({"store": "cert.pem"}, "'{}/cert.pem' is no PKCS#12; for PEM there are"),
        ({"cert": "text", "key": "key.pem"}, "ssl.certificate.location '{}/text' holds no"),
        (
            {"cert": "cert.pem", "key": "cert.pem"},
            "ssl.key.location '{}/cert.pem' holds no private",
        ),
        (
            {"cert": "cert.pem", "key": "other.pem"},
            "ssl.key.location '{}/other.pem' is not the key of ssl.certificate.location",
        ),
        ({"cert": "cert.pem", "key": "locked.pem"}, "'{}/locked.pem' is encrypted; give ssl.key"),
        (
            {"cert": "cert.pem", "key": "locked.pem", "password": "s3cret"},
            "'{}/locked.pem' cannot be opened with ssl.key.password",
        ),
        (
            {"cert": "cert.pem", "key": "locked.pem", "password": "s3cret" * 1000},
            "ssl.key.password is too long",
        ),
        ({"cert": "cert.pem", "key": "broken.pem"}, "'{}/broken.pem' cannot be read as PEM"),
    ],
)
def test_what_is_wrong_is_told(made: Path, named: dict[str, str], said: str) -> None:
    """Without the password."""
    (problem,) = problems(made, **named)
    assert said.format(made) in problem
    assert "s3cret" not in problem


def test_a_relative_path_says_from_where(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked for where the run is started."""
    monkeypatch.chdir(made)
    assert list(file_problems({"security.protocol": "ssl", "ssl.ca.location": "cert.pem"})) == []
    (problem,) = file_problems({"security.protocol": "ssl", "ssl.ca.location": "none.pem"})
    assert problem.endswith("below the folder that the run is started in")


def test_what_is_not_used_is_not_judged(made: Path) -> None:
    """A client without TLS reads no certificates; that files are there is wanted all the same."""
    assert problems(made, protocol="PLAINTEXT", ca="text") == []
    assert len(problems(made, protocol="PLAINTEXT", ca="none.pem")) == 1
