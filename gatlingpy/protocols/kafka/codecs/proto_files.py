"""Files of Protobuf: compiled by protoc when a simulation is read, and the names in them."""

import base64
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from gatlingpy.errors import UsageError
from gatlingpy.protocols.kafka.codecs.plan import NamedSchema

MessagePath: TypeAlias = tuple[int, ...]
"""Which message of a file: its index, then that of one inside of it, and so on."""

_LONGEST_S: Final = 60
_BUILT_IN: Final = ("confluent/", "google/protobuf/", "google/type/")
"""Files that every registry and every compiler knows."""


class CompiledProto(NamedTuple):
    """What protoc makes of a .proto file."""

    descriptors: bytes
    """A serialized FileDescriptorSet: the file, after all that it imports."""
    imports: tuple[NamedSchema, ...]
    """The texts of the files that it imports, those first that others import."""


def is_built_in(name: str) -> bool:
    """Tell whether a file is one that comes with Protobuf."""
    return name.startswith(_BUILT_IN)


def compile_proto(file: Path, folders: Sequence[Path] = ()) -> CompiledProto:
    """Compile a file; imports are looked for beside it and in ``folders``.

    By grpcio-tools if that is installed, else by the protoc on the path.  Raises UsageError with
    the compiler's own words.
    """
    roots = [file.parent, *folders]
    with tempfile.TemporaryDirectory(prefix="gatlingpy-proto-") as folder:
        out = Path(folder) / "descriptors"
        command = [
            *_compiler(),
            *(f"-I{root}" for root in roots),
            "--include_imports",
            f"--descriptor_set_out={out}",
            file.name,
        ]
        done = subprocess.run(  # noqa: S603 - protoc, with files of the user's
            command, capture_output=True, text=True, timeout=_LONGEST_S, check=False
        )
        if done.returncode != 0:
            said = "; ".join(done.stderr.strip().splitlines()[:5])
            raise UsageError(f"protoc refuses {file.name}: {said}")
        descriptors = out.read_bytes()
    return CompiledProto(descriptors, tuple(_imports(descriptors, file.name, roots)))


def compile_texts(texts: Sequence[NamedSchema]) -> bytes:
    """Compile files that are held as texts, the last with all the others; raises UsageError."""
    with tempfile.TemporaryDirectory(prefix="gatlingpy-proto-") as folder:
        for name, text in ((schema.name, schema.text) for schema in texts):
            file = Path(folder) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return compile_proto(Path(folder) / texts[-1].name).descriptors


def _compiler() -> list[str]:
    if find_spec("grpc_tools") is not None:
        return [sys.executable, "-m", "grpc_tools.protoc"]
    protoc = shutil.which("protoc")
    if protoc is None:
        raise UsageError(
            "a .proto file needs a compiler: pip install 'gatlingpy[proto]', or put protoc on the "
            "path; a generated class or a descriptor set (protoc --descriptor_set_out "
            "--include_imports) needs none"
        )
    return [protoc]


def _imports(descriptors: bytes, name: str, roots: Sequence[Path]) -> Iterator[NamedSchema]:
    for file in descriptor_set(descriptors).file:
        if file.name != name and not is_built_in(file.name):
            source = next(root / file.name for root in roots if (root / file.name).is_file())
            yield NamedSchema(file.name, source.read_text(encoding="utf-8"))


def descriptor_set(data: bytes) -> Any:
    """Return a FileDescriptorSet; raises UsageError for bytes that are none."""
    from google.protobuf.descriptor_pb2 import FileDescriptorSet
    from google.protobuf.message import DecodeError

    try:
        return FileDescriptorSet.FromString(data)
    except DecodeError as error:
        raise UsageError(
            "the descriptor set is none: make one with protoc --descriptor_set_out=FILE "
            "--include_imports"
        ) from error


def message_classes(descriptors: bytes) -> dict[str, Any]:
    """Return the classes of the messages of the last file of a set, by their full names."""
    from google.protobuf.descriptor_pool import DescriptorPool
    from google.protobuf.message_factory import GetMessageClass

    pool, last = DescriptorPool(), ""
    for file in descriptor_set(descriptors).file:
        pool.Add(file)
        last = file.name
    found: dict[str, Any] = {}

    def collect(messages: Any) -> None:
        for descriptor in messages:
            found[descriptor.full_name] = GetMessageClass(descriptor)
            collect(descriptor.nested_types)

    collect(pool.FindFileByName(last).message_types_by_name.values())
    return found


# --- names ---------------------------------------------------------------------------------------

_TOKEN: Final = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | [A-Za-z_][\w.]* | [{};]""",
    re.VERBOSE | re.DOTALL,
)


def file_descriptor(text: str) -> Any | None:
    """Return the FileDescriptorProto that a schema's text is in base64, or ``None`` for source."""
    from google.protobuf.descriptor_pb2 import FileDescriptorProto
    from google.protobuf.message import DecodeError

    try:
        return FileDescriptorProto.FromString(base64.b64decode(text, validate=True))
    except (ValueError, DecodeError):
        return None


def message_names(text: str) -> dict[MessagePath, str]:
    """Return the full name of each message of a schema, by its place in the file."""
    file = file_descriptor(text)
    if file is None:
        return dict(_names_in_source(text))
    return dict(_names_in_file(file.message_type, file.package, ()))


def _names_in_file(
    messages: Any, scope: str, path: MessagePath
) -> Iterator[tuple[MessagePath, str]]:
    for index, message in enumerate(messages):
        name = f"{scope}.{message.name}" if scope else message.name
        yield (*path, index), name
        yield from _names_in_file(message.nested_type, name, (*path, index))


def _names_in_source(text: str) -> Iterator[tuple[MessagePath, str]]:
    """Follow the braces; each opens a message, or something that is passed over."""
    scopes: list[tuple[str, MessagePath, list[int]]] = [("", (), [0])]
    words: list[str] = []
    for word in _TOKEN.findall(text):
        if word[0] in "/\"'":
            continue
        if word == "{":
            inner = _opened(scopes[-1], words)
            if inner is not None:
                yield inner[1], inner[0]
            scopes.append(inner or ("", (-1,), [0]))
        elif word == "}" and len(scopes) > 1:
            scopes.pop()
        elif word == ";" and words[:1] == ["package"] and len(scopes) == 1:
            scopes[0] = (words[1], *scopes[0][1:])
        words = [] if word in "{};" else [*words, word]


def _opened(
    scope: tuple[str, MessagePath, list[int]], words: Sequence[str]
) -> tuple[str, MessagePath, list[int]] | None:
    outer, path, count = scope
    if words[:1] != ["message"] or len(words) < 2 or path[-1:] == (-1,):
        return None
    index = count[0]
    count[0] += 1
    return f"{outer}.{words[1]}" if outer else words[1], (*path, index), [0]
