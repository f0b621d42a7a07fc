"""Names of pages: Gatling's, made unique."""

import hashlib
import re
import unicodedata
from typing import Literal, TypeAlias

SlugKind: TypeAlias = Literal["req", "group"]


def slug(text: str) -> str:
    """Return Gatling 3.9.5's short form of a path, ``get-offer-daaa5`` for ``Get Offer``."""
    name = text.strip() or "missing_name"
    plain = unicodedata.normalize("NFD", name).lower()
    digest = hashlib.md5(name.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return f"{re.sub('[^a-z0-9-]', '-', plain)[:15]}-{digest[:5]}"


class Slugs:
    """Gives each text its slug; a text whose slug is taken gets a number behind it."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self._taken: set[str] = set()

    def name(self, kind: SlugKind, text: str) -> str:
        """Return ``req_…`` or ``group_…``, never the same twice."""
        first = name = f"{kind}_{slug(text)}"
        number = 1
        while name in self._taken:
            number += 1
            name = f"{first}-{number}"
        self._taken.add(name)
        return name
