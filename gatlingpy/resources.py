"""Finds the templates and SQL files, in a checkout as well as in an installed wheel."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).parent


def resource_folder(kind: Literal["templates", "sql"]) -> Path:
    """Return the folder of the templates or SQL files.

    A wheel carries them inside the package as ``_templates`` and ``_sql``; in a checkout, which an
    editable install points at, they stand beside the package.
    """
    packaged = _PACKAGE / f"_{kind}"
    return packaged if packaged.is_dir() else _PACKAGE.parent / kind
