"""Tokens from a function of the user's: asked for before the run, checked, and kept unseen."""

from collections.abc import Callable

import pytest

from gatlingpy.errors import ProtocolError
from gatlingpy.protocols.kafka.credentials import Credentials
from gatlingpy.protocols.kafka.dsl import env, kafka
from gatlingpy.protocols.kafka.oauth import TokenSource
from gatlingpy.protocols.kafka.redaction import Redactor
from gatlingpy.testing.clock import ManualClock
from gatlingpy.testing.services import ManualServices

NOW_S = 1_000_000
GOOD = ("the-token", NOW_S + 300.0)


def source(function: Callable[[str], object], told: list[str]) -> TokenSource:
    clock = ManualClock()
    clock.epoch_offset_ns = NOW_S * 1_000_000_000 - clock.now_ns()
    return TokenSource(function, "sim.py:7", Redactor(), told.append, clock)


def test_the_first_token_is_asked_for_once() -> None:
    """Before the run; the first client is given that one, later ones ask again."""
    asked: list[str] = []

    def token(config: str) -> tuple[str, float]:
        asked.append(config)
        return f"token-{len(asked)}", NOW_S + 60.0

    tokens = source(token, [])
    tokens.check("config")
    assert tokens("config") == ("token-1", NOW_S + 60.0, "", {})
    assert asked == ["config"]
    assert tokens("config")[0] == "token-2"


def test_extensions_may_follow() -> None:
    """As text, whatever they were."""
    tokens = source(lambda config: (*GOOD, {"cluster": "lkc", "n": 1}), [])
    assert tokens("") == (*GOOD, "", {"cluster": "lkc", "n": "1"})


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("secret-token", "it returned str"),
        (None, "it returned NoneType"),
        (("secret-token",), r"it returned \(str\)"),
        (("secret-token", "soon"), r"it returned \(str, str\)"),
        (("secret-token", 1e9, "principal"), r"it returned \(str, float, str\)"),
        (("", 2e6), "an empty token"),
        (("secret-token", NOW_S - 5), "expired 5 s ago"),
        (("secret-token", (NOW_S + 300) * 1000 * 1000), "in milliseconds"),
    ],
)
def test_what_is_no_token_is_refused_unseen(returned: object, said: str) -> None:
    """With the function's line and what it should return."""
    with pytest.raises(ProtocolError, match=said) as refused:
        source(lambda config: returned, []).check("")
    assert "sim.py:7: the token function of sasl_oauthbearer(...)" in str(refused.value)
    assert "secret-token" not in str(refused.value)


def test_what_the_function_raises_is_told() -> None:
    """Before the run to who starts it, during the run to its log, without known tokens."""
    answers: list[object] = [GOOD, ValueError("no, the-token is used up")]

    def token(config: str) -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    told: list[str] = []
    tokens = source(token, told)
    tokens.check("")
    assert tokens("")[0] == "the-token"
    assert told == []
    with pytest.raises(ProtocolError, match=r"raised ValueError: no, .* is used up"):
        tokens("")
    (text,) = told
    assert text.startswith("sim.py:7: ")
    assert "the-token" not in text


def credentials(*, embedded: bool = False) -> Credentials:
    plan = (
        kafka().bootstrap_servers("h:1").tls("ca.pem")
        .sasl_oauthbearer_oidc("http://id", "me", env("SECRET")).plan
    )  # fmt: skip
    return Credentials(plan, ManualServices(), lambda text: None, embedded=embedded)


def test_the_embedded_broker_is_asked_for_no_security() -> None:
    """It has none: a simulation with a real cluster's security runs on it as well."""
    assert credentials(embedded=True).under({"acks": "all"}) == {"acks": "all"}
    secured = credentials().under({"acks": "all"})
    assert secured["security.protocol"] == "SASL_SSL"
    assert secured["acks"] == "all"


def test_secrets_among_properties_are_learnt() -> None:
    """Plain, in base64, and as they cross the wire to a token endpoint."""
    kept = credentials()
    resolved = {
        "sasl.password": "p4ssword",
        "sasl.oauthbearer.client.id": "me",
        "sasl.oauthbearer.client.secret": "s3cret",
    }
    kept.learn({}, resolved)
    assert (
        kept.redactor("p4ssword and s3cret and bWU6czNjcmV0 of me") == "*** and *** and *** of me"
    )


def test_files_that_are_missing_are_told_all_at_once() -> None:
    """By property and path."""
    resolved = {"ssl.ca.location": "no/ca.pem", "ssl.key.location": "no/key.pem"}
    with pytest.raises(ProtocolError, match=r"ssl\.ca\.location 'no/ca.pem'.*; .*'no/key.pem'"):
        credentials().learn({}, resolved)
