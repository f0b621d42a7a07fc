"""Templates to functions of a session.

Most templates have one or two attributes and nothing else, and are resolved a hundred thousand
times a second: these read the session's attributes themselves instead of asking a reader for each.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Final

from gatlingpy.errors import ExpressionError
from gatlingpy.plan.code import CodeTable, Reader
from gatlingpy.plan.glimpse import said
from gatlingpy.plan.path import Path
from gatlingpy.plan.path_reader import path_reader
from gatlingpy.plan.placeholder import Call
from gatlingpy.plan.template import Part, parse
from gatlingpy.session import Session

_LONGEST: Final = 60


def template_reader(text: str, code: CodeTable) -> Reader:
    """Return what resolves a template; raises UsageError for one that makes no sense.

    A single placeholder keeps its value's type, anything else gives text: values in it are
    written as ``str`` writes them.
    """
    parts = parse(text)
    if len(parts) == 1:
        return _reader(parts[0], code)
    frame = "".join([part.replace("%", "%%") if isinstance(part, str) else "%s" for part in parts])
    placeholders = [part for part in parts if not isinstance(part, str)]
    joined = _joined(text, frame, [_reader(part, code) for part in placeholders])
    names = [part.attribute for part in placeholders if isinstance(part, Path) and not part.steps]
    if len(names) < len(placeholders):
        return joined
    return _with_attributes(frame, names, joined)


def _reader(part: Part, code: CodeTable) -> Reader:
    match part:
        case str():
            return lambda _session: part
        case Path():
            return path_reader(part, code)
        case Call():
            return part.make(code)


def _joined(text: str, frame: str, readers: Sequence[Reader]) -> Reader:
    shortened = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    def joined(session: Session) -> str:
        values = tuple([read(session) for read in readers])
        try:
            return frame % values
        except BaseException as error:
            # A value's own __str__ may raise anything.
            raise ExpressionError(
                f"a value of {shortened!r} cannot be written as text: {said(error)}"
            ) from error

    return joined


def _with_attributes(frame: str, names: Sequence[str], joined: Reader) -> Reader:
    """Return what fills attributes into a frame; ``joined`` finds out what is wrong, if it is."""
    if len(names) == 1:
        name = names[0]

        def with_one(session: Session) -> object:
            try:
                return frame % (session.attributes[name],)
            except BaseException:  # noqa: BLE001
                return joined(session)

        return with_one
    values = itemgetter(*names)

    def with_several(session: Session) -> object:
        try:
            return frame % values(session.attributes)
        except BaseException:  # noqa: BLE001
            return joined(session)

    return with_several
