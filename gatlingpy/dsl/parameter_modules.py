"""Parameters that modules read while they are imported, kept in those modules.

A module is imported once in a process; a later run may be given other values, which its variables
will not follow.  So each such read stays with its module, and every run looks at them again.
"""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Final, Literal

from gatlingpy.dsl.parameter_reads import Read
from gatlingpy.dsl.user_code import is_library
from gatlingpy.dsl.where import is_ours

_KEPT: Final = "__gatlingpy_parameters__"
"""The variable of a module that holds what was read: by name and place."""


def caller_of(frame: FrameType | None) -> "dict[str, object] | Literal['gatlingpy'] | None":
    """Tell what led to a frame of the user's: the import of a module, whose variables these are...

    ... or gatlingpy, or neither, as in a thread of the user's own.
    """
    while frame is not None:
        if is_ours(frame.f_code.co_filename):
            return "gatlingpy"
        if frame.f_code.co_name == "<module>":
            return frame.f_globals
        frame = frame.f_back
    return None


def keep(variables: dict[str, object], read: Read) -> None:
    """Keep a read in the module whose variables these are."""
    kept = variables.setdefault(_KEPT, {})
    if isinstance(kept, dict):
        kept[read.declared.name, read.declared.where] = read


def kept_reads(module: str) -> list[Read]:
    """Return what a module, and every module of the user's that it imports, read when imported."""
    holders = {
        name: kept
        for name, found in list(sys.modules.items())
        if (kept := _kept(found))
    }  # fmt: skip
    if not holders:
        return []
    behind = _modules_behind(module)
    reads = [list(kept.values()) for name, kept in holders.items() if name in behind]
    return [read for kept in reads for read in kept]


def _kept(module: ModuleType | None) -> dict[object, Read]:
    # Not isinstance: what cffi puts among the modules only says that it is one.
    if not issubclass(type(module), ModuleType):
        return {}
    # Not getattr: a module that is loaded lazily would be loaded by it.
    variables: dict[str, object] = object.__getattribute__(module, "__dict__")
    kept = variables.get(_KEPT)
    return kept if isinstance(kept, dict) else {}


def _modules_behind(module: str) -> set[str]:
    """Return the names of a module and of all that it imports, as far as they are the user's."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found and name in sys.modules:
            found.add(name)
            waiting += _imports_of(sys.modules[name])
            waiting += [name.rpartition(".")[0]] if "." in name else []
    return found


def _imports_of(module: ModuleType) -> Iterator[str]:
    """Yield the names of what a module's source imports, wherever in it; nothing for a library."""
    file = getattr(module, "__file__", None)
    if not file or is_library(file) or not file.endswith(".py"):
        return
    package = module.__name__ if hasattr(module, "__path__") else module.__name__.rpartition(".")[0]
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=base, names=names, level=level):
                try:
                    start = importlib.util.resolve_name("." * level + (base or ""), package)
                except ImportError:
                    continue
                yield start
                yield from (f"{start}.{alias.name}" for alias in names)
