"""Secrets are struck out of what other libraries say."""

import logging

from gatlingpy.protocols.kafka.redaction import Redactor


def test_secrets_are_struck_out() -> None:
    """Plain and in base64, the longest first, however often."""
    redact = Redactor()
    assert redact("s3cret") == "s3cret"
    redact.add("s3cret", "s3cret-longer", 12345)
    assert redact("s3cret-longer, s3cret, s3cret: 12345") == "***, ***, ***: ***"
    assert redact("Basic czNjcmV0") == "Basic ***"


def test_what_is_too_short_to_be_hidden_is_left() -> None:
    """It is in every sentence: to strike it out would show where."""
    redact = Redactor()
    redact.add("", "a", "ab")
    assert redact("a cab") == "a cab"


def test_log_lines_are_cleaned() -> None:
    """Their arguments, too; no line is held back."""
    redact = Redactor()
    logger = logging.Logger("test")  # noqa: LOG001 - not to be found again by its name
    seen: list[str] = []

    class Seeing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage())

    logger.addHandler(Seeing())
    logger.addFilter(redact)
    logger.warning("%s of %d", "s3cret", 100)
    redact.add("s3cret")
    logger.warning("%s of 100%%: %d", "s3cret", 100)
    assert seen == ["s3cret of 100", "*** of 100%: 100"]
