"""TLS and SASL against a real broker: who may comes in, who may not is told why."""

import re

import pytest

from tests.integration.command_line import Workplace, records
from tests.integration.secure_kafka import (
    CLIENT_ID,
    SecureKafka,
    TokenEndpoint,
    must_be_turned_away,
    must_pass,
    run,
    start,
    write_simulation,
)
from tests.services.kafka_security import Listener

pytestmark = pytest.mark.integration

TLS = ".tls(CA)"
MUTUAL = ".tls(CA, CERT, KEY)"
SCRAM = '.sasl_scram("alice", env("PASSWORD"))'

LET_IN = {
    "TLS": (Listener.SSL, TLS),
    "TLS, any name": (Listener.MISNAMED, ".tls(CA, verify_hostname=False)"),
    "mutual TLS": (Listener.MTLS, MUTUAL),
    "mutual TLS by PKCS#12": (
        Listener.MTLS,
        '.tls(CA, keystore_location=KEYSTORE, keystore_password=env("KEYSTORE_PASSWORD"))',
    ),
    "PLAIN": (Listener.SASL_PLAINTEXT, '.sasl_plain("alice", env("PASSWORD"))'),
    "PLAIN over TLS": (Listener.SASL_SSL, f'{TLS}.sasl_plain("alice", env("PASSWORD"))'),
    "SCRAM-256": (
        Listener.SASL_PLAINTEXT,
        '.sasl_scram("alice", env("PASSWORD"), mechanism="SCRAM-SHA-256")',
    ),
    "SCRAM-512": (Listener.SASL_PLAINTEXT, '.sasl_scram_512("alice", env("PASSWORD"))'),
    "SCRAM-512 before TLS": (Listener.SASL_SSL, SCRAM + TLS),
    "a token over TLS": (
        Listener.SASL_SSL,
        TLS + '.sasl_oauthbearer(lambda config: (os.environ["TOKEN"], time.time() + 300))',
    ),
    "properties": (
        Listener.SASL_SSL,
        (
            '.producer_properties(P := {"security.protocol": "Sasl_Ssl", "ssl.ca.location": CA,'
            '"sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "alice",'
            '"sasl.password": env("PASSWORD")}).consumer_properties(P)'
        ),
    ),
    "properties over calls": (
        Listener.SASL_SSL,
        (
            '.tls("nowhere.pem").sasl_plain("bob", env("NOBODY"))'
            '.producer_properties(P := {"ssl.ca.location": CA, "sasl.mechanisms": "SCRAM-SHA-256",'
            '"sasl.username": "alice", "sasl.password": env("PASSWORD")}).consumer_properties(P)'
        ),
    ),
    "no name to check, as Java says it": (
        Listener.MISNAMED,
        (
            '.producer_properties(P := {"security.protocol": "SSL", "ssl.ca.location": CA,'
            '"ssl.endpoint.identification.algorithm": ""}).consumer_properties(P)'
        ),
    ),
}


@pytest.mark.parametrize("way", LET_IN)
def test_who_may_comes_in(secure_kafka: SecureKafka, work: Workplace, way: str) -> None:
    """Every client of a run: that of metadata, producer and consumers."""
    listener, calls = LET_IN[way]
    token = secure_kafka.security.token()
    must_pass(run(secure_kafka, work, listener, calls, TOKEN=token))
    rows = list(records(work.run_folder(), "REQUEST"))
    assert [row[5] for row in rows] == ["OK"] * 5


def test_an_encrypted_key_and_secrets_in_files(secure_kafka: SecureKafka, work: Workplace) -> None:
    """The key is opened with a password from a file, whose last newline does not count."""
    (work.folder / "key-password").write_text("of the key, é\n", encoding="utf-8")
    key = secure_kafka.security.encrypted_client_key("of the key, é")
    calls = '.tls(CA, CERT, KEY, key_password=secret_file("key-password"))'
    must_pass(run(secure_kafka, work, Listener.MTLS, calls, KEY=key))


TURNED_AWAY = {
    "a stranger's CA": (
        Listener.SSL, '.tls(os.environ["OTHER_CA"])',
        ["the TLS connection to 127.0.0.1:", "signed by nobody in ssl.ca.location", "ca_location="],
    ),
    "another host": (
        Listener.MISNAMED, TLS,
        ["certificate is for elsewhere.test, not for 127.0.0.1", "verify_hostname=False"],
    ),
    "no client certificate": (
        Listener.MTLS, TLS, ["the broker wants a client certificate", "certificate_location="],
    ),
    "a client certificate of nobody's": (
        Listener.MTLS, '.tls(CA, os.environ["STRANGE_CERT"], os.environ["STRANGE_KEY"])',
        ["the broker does not accept the client certificate", "which CA"],
    ),
    "a broker that speaks TLS": (
        Listener.SSL, "", ["speaks TLS, and security.protocol is PLAINTEXT", ".tls(ca_location="],
    ),
    "a broker that speaks no TLS": (
        Listener.PLAINTEXT, TLS, ["does not speak TLS", "leave tls() out"],
    ),
    "a broker that wants a user": (
        Listener.SASL_PLAINTEXT, "", ["takes connections and does not answer", ".sasl_scram("],
    ),
    "PLAIN": (
        Listener.SASL_SSL, f'{TLS}.sasl_plain("alice", env("WRONG"))',
        ["authentication failed for user 'alice' at 127.0.0.1:", "with PLAIN", "sasl.password"],
    ),
    "SCRAM-256": (
        Listener.SASL_PLAINTEXT, '.sasl_scram_256("alice", env("WRONG"))',
        ["authentication failed for user 'alice'", "SCRAM-SHA-256", "sasl.password"],
    ),
    "SCRAM-512": (
        Listener.SASL_SSL, f'{TLS}.sasl_scram("alice", env("WRONG"))',
        ["authentication failed for user 'alice'", "SCRAM-SHA-512", "sasl.password"],
    ),
    "an unknown user": (
        Listener.SASL_PLAINTEXT, '.sasl_scram("nobody", env("PASSWORD"))',
        ["authentication failed for user 'nobody'"],
    ),
    "a stale token": (
        Listener.SASL_SSL,
        TLS + '.sasl_oauthbearer(lambda config: (os.environ["STALE"], time.time() + 300))',
        ["the broker refused the token", "expiry"],
    ),
    "no token": (
        Listener.SASL_SSL, TLS + ".sasl_oauthbearer(lambda config: 1 / 0)",
        ["the token function of sasl_oauthbearer(...) raised ZeroDivisionError"],
    ),
    "no token endpoint": (
        Listener.SASL_SSL,
        TLS + '.sasl_oauthbearer_oidc("http://127.0.0.1:1/token", "me", env("WRONG"))',
        ["no OAUTHBEARER token could be had from http://127.0.0.1:1/token"],
    ),
    "a CA that is not there": (
        Listener.SSL, '.tls("nowhere/ca.pem")',
        ["ssl.ca.location 'nowhere/ca.pem' cannot be read: No such file"],
    ),
    "a wrong key password": (
        Listener.MTLS, '.tls(CA, CERT, os.environ["ENCRYPTED"], env("WRONG"))',
        ["cannot be opened with ssl.key.password"],
    ),
    "a wrong key store password": (
        Listener.MTLS, '.tls(CA, keystore_location=KEYSTORE, keystore_password=env("WRONG"))',
        ["kafka.client.keystore.p12' cannot be opened with ssl.keystore.password"],
    ),
    "a variable that is not set": (
        Listener.SSL, '.sasl_scram("alice", env("UNSET_PASSWORD"))',
        ["the environment variable UNSET_PASSWORD is not set"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TURNED_AWAY)
def test_who_may_not_is_told_why(secure_kafka: SecureKafka, work: Workplace, case: str) -> None:
    """With exit code 1: what, at which broker, on which line of the user's, and the remedy."""
    listener, calls, said = TURNED_AWAY[case]
    security = secure_kafka.security
    ended = run(
        secure_kafka, work, listener, calls,
        WRONG="not-the-password",
        STALE=security.token(lifetime_s=-600),
        STRANGE_CERT=security.other_ca,
        STRANGE_KEY=str(security.folder / "other-ca.key"),
        ENCRYPTED=security.encrypted_client_key("of-the-key"),
    )  # fmt: skip
    must_be_turned_away(ended, work, *said)
    assert "not-the-password" not in ended.text


def test_tokens_from_an_endpoint(secure_kafka: SecureKafka, work: Workplace) -> None:
    """librdkafka fetches them with id and secret, and the broker takes them."""
    calls = (
        f'{TLS}.sasl_oauthbearer_oidc(env("URL"), "{CLIENT_ID}", env("SECRET"), scope="kafka",'
        'extensions={"cluster": "lkc-1"})'
    )
    endpoint = TokenEndpoint(secure_kafka.security, "of-the-client")
    with endpoint.serving():
        given = {"URL": endpoint.url, "SECRET": "of-the-client"}
        must_pass(run(secure_kafka, work, Listener.SASL_SSL, calls, **given))
        assert endpoint.calls
        assert all(known and "scope=kafka" in form for form, known in endpoint.calls)


def test_an_endpoint_that_does_not_know_us(secure_kafka: SecureKafka, work: Workplace) -> None:
    """Its answer is told; the secret, which it says back, is not."""
    calls = f'{TLS}.sasl_oauthbearer_oidc(env("URL"), "{CLIENT_ID}", env("SECRET"))'
    endpoint = TokenEndpoint(secure_kafka.security, "of-the-client")
    with endpoint.serving():
        given = {"URL": endpoint.url, "SECRET": "not-of-the-client"}
        ended = run(secure_kafka, work, Listener.SASL_SSL, calls, **given)
    said = [f"no OAUTHBEARER token could be had from {endpoint.url}", "client.secret"]
    must_be_turned_away(ended, work, *said)
    assert "not-of-the-client" not in ended.text


RENEWED = """
asked = []

def token(config):
    asked.append(config)
    if len(asked) > 5:
        raise LookupError("no token any more")
    return os.environ["TOKEN"], time.time() + 3
"""


@pytest.mark.slow
def test_tokens_are_renewed_during_a_run(secure_kafka: SecureKafka, work: Workplace) -> None:
    """One that cannot be had is a mark with the user's line; who is in goes on."""
    load = "constant_users_per_sec(10).during(6)"
    calls = TLS + ".sasl_oauthbearer(token)"
    simulation = write_simulation(work, calls, load=load, before=RENEWED)
    token = secure_kafka.security.token()
    must_pass(start(secure_kafka, work, Listener.SASL_SSL, simulation, TOKEN=token).wait())
    marks = [mark[2] for mark in records(work.run_folder(), "MARK")]
    said = r"sim\.py:\d+: the token function of .* raised LookupError: no token any more"
    assert any(re.fullmatch(said, mark) for mark in marks), marks


COMPRESSED = """
class Compressed(Simulation):
    def __init__(self):
        self.set_up(*(self.population(name) for name in ("none", "gzip", "snappy", "lz4", "zstd")))

    def population(self, name):
        topic, text = f"compressed-{name}", "over and over " * 300
        protocol = (
            kafka().bootstrap_servers(env("TEST_SERVERS")).create_topics({topic: 1})
            .tls(os.environ["CA"]).producer_properties({"compression.type": name})
        )
        ask = kafka(name).request_reply().topics(topic, topic).loopback().value(text)
        users = scenario(name).exec(ask.check(body_string().is_(text)).timeout(10))
        return users.inject_open(at_once_users(10)).protocols(protocol)
"""


def test_compressed_messages_over_tls(secure_kafka: SecureKafka, work: Workplace) -> None:
    """Each way of compressing goes there and back."""
    command = start(secure_kafka, work, Listener.SSL, work.simulation(COMPRESSED))
    must_pass(command.wait())
    endings = [(row[2], row[5]) for row in records(work.run_folder(), "REQUEST")]
    names = ["gzip", "lz4", "none", "snappy", "zstd"]
    assert sorted(endings) == [(name, "OK") for name in names for _ in range(10)]


@pytest.mark.slow
def test_a_user_who_is_removed_during_a_run(secure_kafka: SecureKafka, work: Workplace) -> None:
    """Requests fail from then on, the cause is a mark in the log, and the run ends in time."""
    secure_kafka.add_user("temp", "of-temp-alone")
    load = "constant_users_per_sec(20).during(12)"
    calls = (
        '.sasl_scram("temp", env("TEMP"))'
        '.producer_properties({"delivery.timeout.ms": 3000, "request.timeout.ms": 2000})'
    )
    simulation = write_simulation(work, calls, topic="short-session", load=load)
    command = start(secure_kafka, work, Listener.SHORT_SESSION, simulation, TEMP="of-temp-alone")
    command.await_text("Ask", timeout_s=30)
    secure_kafka.remove_user("temp")
    ended = command.wait(60)
    assert ended.code == 0, ended.text
    folder = work.run_folder()
    rows = list(records(folder, "REQUEST"))
    failed = [row for row in rows if row[5] == "KO"]
    assert len(rows) == 240
    assert 0 < len(failed) < 240, ended.text
    marks = ["\t".join(row) for row in records(folder, "MARK")]
    assert any("uthentication" in mark for mark in marks), marks
    assert "of-temp-alone" not in (folder / "simulation.log").read_text()
