"""Imports ``simulations.payment`` and finds the one Simulation in it."""

import importlib
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from gatlingpy.app import Compiled, compile_given
from gatlingpy.dsl.parameter_reads import Given, nearest
from gatlingpy.dsl.parameters import reading
from gatlingpy.dsl.setup import Simulation
from gatlingpy.dsl.user_code import is_library, placed, user_frame
from gatlingpy.dsl.where import short_path
from gatlingpy.errors import SimulationNotFound, UsageError


def load_compiled(module: str | None, simulation: str | None, given: Given) -> Compiled:
    """Import a simulation with these values for its parameters, and compile it.

    As in Gatling ``simulation`` may stand alone, as ``package.module.Class``.  Raises UsageError.
    """
    if module is None and simulation is not None:
        module, _, simulation = simulation.rpartition(".")
    with reading(given) as read:
        try:
            found = load_simulation(module or "", simulation)
        except UsageError as error:
            read.refuse(error)
            raise
    return compile_given(found, given)


def load_simulation(target: str, wanted: str | None = None) -> type[Simulation]:
    """Import a module, or a file that ends in ``.py``, and return its Simulation.

    ``wanted`` names one of several.  Modules are looked for in the working folder first.  Raises
    SimulationNotFound, saying what was found instead.
    """
    module = _import(target)
    found = {
        name: cls
        for name, cls in vars(module).items()
        if isinstance(cls, type)
        and issubclass(cls, Simulation)
        and cls is not Simulation
        and cls.__module__ == module.__name__
    }
    if wanted in found:
        return found[wanted]
    if wanted is None and len(found) == 1:
        return next(iter(found.values()))
    raise SimulationNotFound(f"{short_path(module.__file__ or target)} has {_what(found, wanted)}")


def _what(found: Mapping[str, object], wanted: str | None) -> str:
    """Return what a module holds instead of the one Simulation, and what to do."""
    names = sorted(found)
    if wanted is not None and names:
        hint = nearest(wanted, names) or f"; it has {', '.join(names)}"
        return f"no Simulation called {wanted}{hint}"
    if names:
        count = f"{len(names)} Simulations"
        return f"{count}: {', '.join(names)}; choose one with --simulation NAME"
    return (
        "no Simulation; write one as `class MySimulation(Simulation)` whose __init__ calls "
        "self.set_up(...)"
    )


def _import(target: str) -> ModuleType:
    name = _module_name(target)
    if (folder := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise SimulationNotFound(
                f"no module {name!r} below {Path.cwd().name}/ nor on the Python path; run "
                "gatlingpy from the folder that holds it, as in "
                f"`python -m gatlingpy run simulations.payment`{_nearest_module(name)}"
            ) from error
        raise SimulationNotFound(f"{target} cannot be imported:{_last_frames(error)}") from error
    except UsageError as error:
        raise placed(error, user_frame(error)) from error
    except (Exception, SystemExit) as error:
        raise SimulationNotFound(f"{target} cannot be imported:{_last_frames(error)}") from error


def _module_name(target: str) -> str:
    if not target.endswith(".py"):
        return target
    path = Path(target).resolve()
    if not path.is_file():
        beside = [str(Path(target).with_name(file.name)) for file in _modules_in(path.parent)]
        raise SimulationNotFound(f"there is no file {target}{nearest(target, beside)}")
    try:
        relative = path.relative_to(Path.cwd())
    except ValueError:
        sys.path.insert(0, str(path.parent))
        return path.stem
    return ".".join(relative.with_suffix("").parts)


def _nearest_module(name: str) -> str:
    """Return the question whether a module of the same folder was meant, or nothing."""
    package = name.rpartition(".")[0]
    start = f"{package}." if package else ""
    files = _modules_in(Path.cwd() / package.replace(".", "/"))
    return nearest(name, [f"{start}{file.stem}" for file in files])


def _modules_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.py")) if folder.is_dir() else []


def _last_frames(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not is_library(frame.filename)]
    places = "".join(f"\n    {short_path(f.filename)}:{f.lineno}: {f.line}" for f in own[-2:])
    return f" {type(error).__name__}: {error}{places}"
