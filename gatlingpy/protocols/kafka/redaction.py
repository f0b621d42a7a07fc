"""Keeps secrets out of what other libraries say."""

import base64
import logging
from typing import Final

_SHORTEST: Final = 3
"""Shorter texts are in every sentence: to strike them out would show where they are."""
_STRUCK: Final = "***"


class Redactor(logging.Filter):
    """Strikes known secrets out of texts and log lines.  Thread: any."""

    def __init__(self) -> None:
        """Nothing is secret yet."""
        super().__init__()
        self._secrets: tuple[str, ...] = ()

    def add(self, *secrets: object) -> None:
        """Let these be struck out from now on, plain and in base64."""
        texts = {str(secret) for secret in secrets}
        texts |= {base64.b64encode(text.encode()).decode() for text in texts}
        known = {text for text in texts if len(text) >= _SHORTEST} | set(self._secrets)
        self._secrets = tuple(sorted(known, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _STRUCK)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Strike secrets out of a log line; it is never held back."""
        if self._secrets:
            record.msg, record.args = self(record.getMessage()), None
        return True
