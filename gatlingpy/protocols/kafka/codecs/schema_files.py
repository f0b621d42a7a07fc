"""Schemas as users give them: text, dicts, or the paths of files, which are read at once."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from gatlingpy.errors import UsageError
from gatlingpy.protocols.kafka.codecs.avro_schema import name_of, read, unknown_names
from gatlingpy.protocols.kafka.codecs.plan import NamedSchema, ReferencePlan

SchemaGiven: TypeAlias = str | os.PathLike[str] | Mapping[str, object] | Sequence[object]
"""A schema's text, its JSON as dicts and lists, or the path of its file."""

ReferenceGiven: TypeAlias = SchemaGiven | tuple[str, str] | tuple[str, str, int]
"""A schema that another refers to; or, in a registry, the name, the subject and the version."""

_MOST_FILES: Final = 200


class SchemaText(NamedTuple):
    """A schema's text and, if it was read from one, its file."""

    text: str
    file: Path | None = None


def schema_text(given: object, folders: Sequence[Path], suffixes: tuple[str, ...]) -> SchemaText:
    """Return a schema as text; raises UsageError, without a place, for what is none.

    Text that ends like a file's name is one: looked for beside the simulation's file, then in the
    working folder.
    """
    if isinstance(given, str) and not given.strip().endswith(suffixes):
        return SchemaText(given)
    if isinstance(given, str | os.PathLike):
        file = find_file(given, folders)
        return SchemaText(_content(file), file)
    if isinstance(given, Mapping | Sequence) and not isinstance(given, bytes):
        try:
            return SchemaText(json.dumps(given))
        except TypeError as error:
            raise UsageError(f"the schema cannot be written as JSON: {error}") from error
    raise UsageError(f"a schema is text, a dict or the path of a file, got {given!r}")


def find_file(given: "str | os.PathLike[str]", folders: Sequence[Path]) -> Path:
    """Return the first file of that name that there is; raises UsageError if there is none."""
    path = Path(os.fspath(given)).expanduser()
    for folder in folders:
        if (folder / path).is_file():
            return folder / path
    looked = ", ".join(dict.fromkeys(str(folder) for folder in folders))
    raise UsageError(
        f"there is no file {str(given)!r}"
        + ("" if path.is_absolute() else f"; it was looked for in {looked}")
    )


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the file {file.name!r} cannot be read: {error}") from error


class References(NamedTuple):
    """What a schema refers to."""

    local: tuple[NamedSchema, ...]
    registered: tuple[ReferencePlan, ...]


def references(
    given: Iterable[object],
    folders: Sequence[Path],
    suffixes: tuple[str, ...],
    name: Callable[[SchemaText], str],
) -> References:
    """Take references apart: schemas, and what a registry has; ``name`` names a schema."""
    local: list[NamedSchema] = []
    registered: list[ReferencePlan] = []
    for item in given:
        match item:
            case (str() as called, str() as subject):
                registered.append(ReferencePlan(called, subject))
            case (str() as called, str() as subject, int() as version):
                registered.append(ReferencePlan(called, subject, version))
            case _:
                found = schema_text(item, folders, suffixes)
                local.append(NamedSchema(name(found), found.text))
    return References(tuple(local), tuple(registered))


def avro_name(found: SchemaText) -> str:
    """Return the full name of an Avro schema; raises UsageError if it is no JSON."""
    return name_of(read(found.text, "the Avro schema"))


def json_name(found: SchemaText) -> str:
    """Return what JSON schemas call another one: its ``$id``, else the name of its file."""
    try:
        raw = json.loads(found.text)
    except ValueError as error:
        raise UsageError(f"the JSON schema is no JSON: {error}") from error
    given = raw.get("$id") if isinstance(raw, dict) else None
    return str(given or (found.file.name if found.file else ""))


def avro_beside(
    main: SchemaText, known: Sequence[NamedSchema], registered: Sequence[ReferencePlan] = ()
) -> tuple[NamedSchema, ...]:
    """Return the known schemas and those that stand beside a file: ``shop.Address.avsc``.

    Or ``Address.avsc``; those first that others refer to.  What is in no file stays unknown.
    """
    found = {schema.name: schema for schema in known}
    elsewhere = {reference.name for reference in registered}
    ordered: dict[str, NamedSchema] = {}

    def visit(text: str) -> None:
        for name in unknown_names(read(text, "the Avro schema")):
            if name in ordered or name in elsewhere or len(found) > _MOST_FILES:
                continue
            schema = found.get(name) or _beside(main.file, name)
            if schema is not None:
                found[name] = schema
                visit(schema.text)
                ordered[name] = schema

    visit(main.text)
    return (*ordered.values(), *(s for name, s in found.items() if name not in ordered))


def _beside(file: Path | None, name: str) -> NamedSchema | None:
    if file is None:
        return None
    for candidate in (name, name.rpartition(".")[2]):
        path = file.with_name(f"{candidate}.avsc")
        if path.is_file() and path != file:
            return NamedSchema(name, _content(path))
    return None


def json_beside(main: SchemaText, known: Sequence[NamedSchema]) -> tuple[NamedSchema, ...]:
    """Return the known schemas and those that stand beside a file under the names it refers to.

    Those first that others refer to.
    """
    ordered = {schema.name: schema for schema in known}
    folder = main.file.parent if main.file is not None else None
    seen: set[str] = set()

    def visit(text: str) -> None:
        for name in _file_references(json.loads(text)):
            if folder is None or name in ordered or name in seen or len(seen) > _MOST_FILES:
                continue
            seen.add(name)
            if (folder / name).is_file():
                content = _content(folder / name)
                visit(content)
                ordered[name] = NamedSchema(name, content)

    visit(main.text)
    return tuple(ordered.values())


def _file_references(raw: object) -> Iterator[str]:
    if isinstance(raw, dict):
        target = raw.get("$ref")
        if isinstance(target, str) and not target.startswith(("#", "http:", "https:", "urn:")):
            yield target.partition("#")[0]
        for value in raw.values():
            yield from _file_references(value)
    elif isinstance(raw, list):
        for item in raw:
            yield from _file_references(item)
