"""``scripts/generate-tls-certs.sh``: certificates that fit each other, and none overwritten."""

import os
import shutil
import ssl
import stat
import subprocess
from pathlib import Path

import pytest

from tests.integration.command_line import ROOT

SCRIPT = ROOT / "scripts" / "generate-tls-certs.sh"
PASSWORD = "a-password-of-my-own"

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script for a folder."""
    return subprocess.run(
        [str(SCRIPT), *arguments, str(folder)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def output(*command: str, **environment: str) -> str:
    """Return what a program says; fail if it fails."""
    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of certificates with a password of one's own."""
    folder = tmp_path_factory.mktemp("tls") / "certs"
    done = make(folder, "--host", "broker.test", "--host", "127.0.0.9", KAFKA_TLS_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return folder


def test_a_handshake_succeeds_both_ways(certificates: Path) -> None:
    """Broker and client accept each other's certificate, for every name of the broker."""
    server = ssl.create_default_context(
        ssl.Purpose.CLIENT_AUTH, cafile=str(certificates / "ca-cert.pem")
    )
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_cert_chain(certificates / "broker-cert.pem", certificates / "broker-key.pem")
    client = ssl.create_default_context(cafile=str(certificates / "ca-cert.pem"))
    client.load_cert_chain(certificates / "client-cert.pem", certificates / "client-key.pem")
    for name in ("localhost", "kafka", "broker.test", "127.0.0.1", "127.0.0.9"):
        assert handshake(server, client, name) == "gatlingpy"
    with pytest.raises(ssl.SSLCertVerificationError, match="elsewhere"):
        handshake(server, client, "elsewhere")


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> str:
    """Connect the two in memory; return the name in the client's certificate."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    ours = client.wrap_bio(to_client, to_server, server_hostname=name)
    for end in (ours, theirs) * 4:
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
    certificate = theirs.getpeercert()
    assert certificate is not None
    return str(certificate["subject"][0][0][1])


def test_they_are_valid_for_a_year(certificates: Path) -> None:
    """Still valid after 364 days, and no more after 366."""
    file = str(certificates / "broker-cert.pem")
    check = ["openssl", "x509", "-in", file, "-noout", "-checkend"]
    codes = [
        subprocess.run([*check, str(days * 86_400)], capture_output=True, check=False).returncode
        for days in (364, 366)
    ]
    assert codes == [0, 1]


def test_private_keys_are_private(certificates: Path) -> None:
    """Nobody else reads a key; a broker in a container reads its stores and their password."""
    for key in certificates.glob("*-key.pem"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    for file in [*certificates.glob("kafka.*"), certificates / "creds"]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert (certificates / "creds").read_text() == f"{PASSWORD}\n"


def test_key_stores_hold_key_and_chain(certificates: Path) -> None:
    """A PKCS#12 store opens with the password: a key, its certificate and the CA's."""
    text = output(
        "openssl", "pkcs12", "-in", str(certificates / "kafka.client.keystore.p12"),
        "-passin", "env:PW", "-nodes", PW=PASSWORD,
    )  # fmt: skip
    assert text.count("BEGIN CERTIFICATE") == 2
    assert text.count("PRIVATE KEY") == 2


@pytest.mark.skipif(shutil.which("keytool") is None, reason="keytool is not installed")
@pytest.mark.parametrize("kind", ["jks", "p12"])
def test_java_reads_the_stores(certificates: Path, kind: str) -> None:
    """The original's file names, with a trusted CA in them, and back to PEM by keytool."""
    truststore = str(certificates / f"kafka.client.truststore.{kind}")
    keystore = str(certificates / f"kafka.broker.keystore.{kind}")
    assert "trustedCertEntry" in keytool("-list", truststore)
    assert "PrivateKeyEntry" in keytool("-list", keystore)
    pem = keytool("-exportcert", "-rfc", "-alias", "ca", truststore)
    assert "".join(pem.split()) == "".join((certificates / "ca-cert.pem").read_text().split())


def keytool(verb: str, *arguments: str) -> str:
    """Run keytool on a store, the last argument."""
    *options, store = arguments
    return output(
        "keytool", verb, *options, "-keystore", store, "-storepass:env", "PW", PW=PASSWORD
    )


def test_what_is_there_and_valid_is_left(certificates: Path) -> None:
    """A second call changes nothing and succeeds."""
    before = {file.name: file.read_bytes() for file in certificates.iterdir()}
    done = make(certificates, KAFKA_TLS_PASSWORD=PASSWORD)
    assert done.returncode == 0
    assert "already" in done.stdout
    assert {file.name: file.read_bytes() for file in certificates.iterdir()} == before


def test_nothing_is_overwritten_unless_told(certificates: Path, tmp_path: Path) -> None:
    """What is incomplete, or made otherwise, is named and left; --force makes it anew."""
    folder = tmp_path / "certs"
    shutil.copytree(certificates, folder)
    wrong_password = make(folder)
    other_host = make(folder, "--host", "other", KAFKA_TLS_PASSWORD=PASSWORD)
    same_hosts = make(folder, "--host", "127.0.0.9", KAFKA_TLS_PASSWORD=PASSWORD)
    assert same_hosts.returncode == 0
    (folder / "client-key.pem").unlink()
    incomplete = make(folder, KAFKA_TLS_PASSWORD=PASSWORD)
    refused = [wrong_password, other_host, incomplete]
    assert [done.returncode for done in refused] == [1, 1, 1]
    assert "KAFKA_TLS_PASSWORD" in wrong_password.stderr
    assert "not for the host other" in other_host.stderr
    assert "client-key.pem is missing; --force" in incomplete.stderr
    assert not (folder / "client-key.pem").exists()
    ca = (folder / "ca-cert.pem").read_bytes()
    assert make(folder, "--force").returncode == 0
    assert (folder / "client-key.pem").exists()
    assert (folder / "ca-cert.pem").read_bytes() != ca
    assert (folder / "creds").read_text() == "kafkatest123\n"
    assert not list(folder.glob(".making*"))


def test_without_keytool_there_are_still_certificates(tmp_path: Path) -> None:
    """PEM and PKCS#12 need openssl alone, and the way out for Java is named."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "openssl", "mktemp", "mkdir", "mv", "rm", "chmod", "cat", "basename"):
        (programs / name).symlink_to(str(shutil.which(name)))
    done = make(tmp_path / "certs", PATH=str(programs))
    assert done.returncode == 0, done.stderr
    assert "ssl.truststore.type=PEM" in done.stdout
    assert {file.suffix for file in (tmp_path / "certs").iterdir()} == {".pem", ".p12", ""}


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--frce"], {}, "no option --frce"),
        (["--host"], {}, "is not one"),
        (["other"], {}, "one folder at a time"),
        ([], {"KAFKA_TLS_PASSWORD": "short"}, "at least 6 characters"),
    ],
)
def test_mistakes_are_explained(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    """A wrong call says what is wrong, and makes nothing."""
    done = make(tmp_path / "certs", *arguments, **environment)
    assert done.returncode == 1
    assert said in done.stderr
    assert not (tmp_path / "certs").exists()
