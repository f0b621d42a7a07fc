"""What went wrong in the original's checks and can be seen of one reply: none of it does here."""

import pytest

from gatlingpy import check_if, json_path, session_check, x_path
from gatlingpy.session import Session
from tests.unit.tracking.judging import failure, judge


def test_a_check_of_the_session_is_really_made() -> None:
    """W5: it sees the user's session and the reply, and can fail."""
    session = Session("Pay", 1, {"account": "ACC-1"})

    def owned(attributes: Session, reply: dict[str, str]) -> str | None:
        return None if reply["account"] == attributes["account"] else "another's account"

    check = session_check("Own account", owned)
    assert judge({"account": "ACC-1"}, check, session=session)[1] is None
    said = judge({"account": "ACC-2"}, check, session=session)[1]
    assert said is not None
    assert "another's account" in said


@pytest.mark.parametrize("reply", [b"{broken", b"", b"\xff", None])
def test_nothing_passes_on_a_reply_that_is_no_json(reply: bytes | None) -> None:
    """W29: that something is absent, or not an error, is told only of what could be read."""
    assert failure(reply, json_path("$.error").not_exists()) is not None
    assert failure(reply, json_path("$.error").count().is_(0)) is not None


def test_a_reply_that_tells_of_a_failure_is_no_success() -> None:
    """W29: success is what says so, not what has no field called error."""
    assert failure({"status": "failed"}, json_path("$.status").is_("success")) is not None


def test_a_condition_that_cannot_be_told_is_a_failure() -> None:
    """A check that is made under a condition is not skipped because the condition raises."""

    def raises(session: Session) -> bool:
        raise ValueError("cannot tell")

    assert failure({"a": 1}, check_if(raises, json_path("$.a").is_(1))) is not None


@pytest.mark.parametrize(
    "reply",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a>1</a>',
        b'<!DOCTYPE a [<!ENTITY x "1">]><a>&x;</a>',
    ],
)
def test_xml_of_the_application_reads_no_file(reply: bytes) -> None:
    """W31: entities are neither fetched nor put in; the check fails and says why."""
    said = failure(reply, x_path("/a").exists())
    assert said is not None
    assert "document type" in said


def test_namespaces_are_known() -> None:
    """W31: by the prefixes that the check names."""
    reply = b'<n:a xmlns:n="urn:x"><n:b>1</n:b></n:a>'
    assert failure(reply, x_path("/x:a/x:b", namespaces={"x": "urn:x"}).is_("1")) is None
    assert failure(reply, x_path("/a/b").exists()) is not None
