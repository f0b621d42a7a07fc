"""``AvroCodec``, ``JsonSchemaCodec`` and ``ProtobufCodec``: codecs with a schema, as users write
them."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, TypeVar

from gatlingpy.dsl.user_code import told_at
from gatlingpy.dsl.where import function_line, user_folder, user_line
from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeRef, CodeTable
from gatlingpy.protocols.kafka.codecs import avro_schema, json_schema
from gatlingpy.protocols.kafka.codecs.plan import ReferencePlan, RegistryUse, SubjectStrategy
from gatlingpy.protocols.kafka.codecs.proto_files import compile_proto, descriptor_set
from gatlingpy.protocols.kafka.codecs.proto_messages import chosen_class
from gatlingpy.protocols.kafka.codecs.schema_files import (
    ReferenceGiven,
    SchemaGiven,
    SchemaText,
    avro_beside,
    avro_name,
    find_file,
    json_beside,
    json_name,
    schema_text,
)
from gatlingpy.protocols.kafka.codecs.schema_files import (
    references as taken_apart,
)
from gatlingpy.protocols.kafka.codecs.schema_plans import (
    AvroCodecPlan,
    JsonSchemaCodecPlan,
    ProtobufCodecPlan,
    SchemaCodecPlan,
)

Strategy: TypeAlias = Literal["topic", "record", "topic_record"]
"""How the registry's subject is found: ``orders-value``, ``shop.Order``, ``orders-shop.Order``."""

Path_: TypeAlias = str | os.PathLike[str]
P = TypeVar("P", bound=SchemaCodecPlan)

_AVRO: Final = (".avsc", ".avro", ".json")
_JSON: Final = (".json", ".jsonschema", ".schema")


@dataclass(frozen=True, slots=True, init=False)
class AvroCodec:
    """Writes dicts and objects as Avro, and reads them.

    Without ``schema`` the latest of the subject in the registry is taken.  ``as_type`` is what
    values are read as: a dataclass, a class with ``from_dict``, a function of the dict; dicts by
    default.  ``references`` are schemas that this one names: text, dicts, files, or for those in
    the registry (name, subject) or (name, subject, version); files that are called like a missing
    type are found beside the schema's own.  ``registry`` is ``True`` if the protocol has one.
    """

    plan: AvroCodecPlan
    as_type: Callable[..., object] | None

    def __init__(
        self,
        schema: SchemaGiven | None = None,
        as_type: Callable[..., object] | None = None,
        *,
        subject: str = "",
        subject_name_strategy: Strategy = "topic",
        auto_register: bool = True,
        use_latest_version: bool = False,
        normalize: bool = False,
        references: Sequence[ReferenceGiven] = (),
        registry: bool | None = None,
    ) -> None:
        """Read the schema; raises UsageError, with the user's line, for one that is none."""
        where, folders = user_line(), [user_folder(), Path.cwd()]
        with told_at(f"{where}: AvroCodec(...)"):
            main = SchemaText("") if schema is None else schema_text(schema, folders, _AVRO)
            refers = taken_apart(references, folders, _AVRO, avro_name)
            named = avro_beside(main, refers.local, refers.registered) if main.text else ()
            if main.text and not refers.registered:
                avro_schema.parse(main.text, named)
            plan = AvroCodecPlan(
                where=where, schema=main.text, named=named, file=_name(main.file),
                registry=_use(
                    registry, subject, subject_name_strategy, auto_register, use_latest_version,
                    normalize, refers.registered,
                ),
            )  # fmt: skip
            _set(self, plan=plan, as_type=_kind(as_type))

    def compile(self, path: str, code: CodeTable) -> AvroCodecPlan:
        """Return the codec for the plan; its class goes into ``code``."""
        return _compiled(self.plan, self.as_type, path, code)


@dataclass(frozen=True, slots=True, init=False)
class JsonSchemaCodec:
    """Writes dicts and objects as JSON that fits a schema, and reads them.

    The arguments are as for ``AvroCodec``.  Replies are held to the schema as well, unless
    ``validate`` is ``False``.
    """

    plan: JsonSchemaCodecPlan
    as_type: Callable[..., object] | None

    def __init__(
        self,
        schema: SchemaGiven | None = None,
        as_type: Callable[..., object] | None = None,
        *,
        validate: bool = True,
        subject: str = "",
        subject_name_strategy: Strategy = "topic",
        auto_register: bool = True,
        use_latest_version: bool = False,
        normalize: bool = False,
        references: Sequence[ReferenceGiven] = (),
        registry: bool | None = None,
    ) -> None:
        """Read the schema; raises UsageError, with the user's line, for one that is none."""
        where, folders = user_line(), [user_folder(), Path.cwd()]
        with told_at(f"{where}: JsonSchemaCodec(...)"):
            main = SchemaText("") if schema is None else schema_text(schema, folders, _JSON)
            refers = taken_apart(references, folders, _JSON, json_name)
            if main.text and not refers.registered:
                json_schema.parse(main.text)
            plan = JsonSchemaCodecPlan(
                where=where, schema=main.text, file=_name(main.file), validate=validate,
                named=json_beside(main, refers.local) if main.text else (),
                registry=_use(
                    registry, subject, subject_name_strategy, auto_register, use_latest_version,
                    normalize, refers.registered,
                ),
            )  # fmt: skip
            _set(self, plan=plan, as_type=_kind(as_type))

    def compile(self, path: str, code: CodeTable) -> JsonSchemaCodecPlan:
        """Return the codec for the plan; its class goes into ``code``."""
        return _compiled(self.plan, self.as_type, path, code)


@dataclass(frozen=True, slots=True, init=False)
class ProtobufCodec:
    """Writes Protobuf messages, and reads them as messages of the same class.

    Give a generated class; or ``proto``, a .proto file that is compiled on the spot (imports are
    looked for beside it and in ``include``); or ``descriptors``, the file that protoc writes with
    ``--include_imports --descriptor_set_out``.  ``message`` says which of the file's messages.
    Values may be dicts and dataclasses as well.  The rest is as for ``AvroCodec``.
    """

    plan: ProtobufCodecPlan
    message_class: type[Any] | None

    def __init__(
        self,
        message_class: type[Any] | None = None,
        *,
        proto: Path_ | None = None,
        descriptors: Path_ | None = None,
        message: str = "",
        include: Sequence[Path_] = (),
        subject: str = "",
        subject_name_strategy: Strategy = "topic",
        auto_register: bool = True,
        use_latest_version: bool = False,
        normalize: bool = False,
        references: Sequence[tuple[str, str] | tuple[str, str, int]] = (),
        registry: bool | None = None,
    ) -> None:
        """Compile the file; raises UsageError, with the user's line, if it cannot be."""
        where, folders = user_line(), [user_folder(), Path.cwd()]
        with told_at(f"{where}: ProtobufCodec(...)"):
            _one_of(message_class, proto, descriptors)
            registered = taken_apart(references, folders, (), json_name).registered
            plan = ProtobufCodecPlan(
                where=where, message=message,
                registry=_use(
                    registry, subject, subject_name_strategy, auto_register, use_latest_version,
                    normalize, registered,
                ),
            )  # fmt: skip
            if proto is not None:
                plan = _with_file(plan, find_file(proto, folders), _folders(include, folders))
            elif descriptors is not None:
                plan = _with_descriptors(plan, find_file(descriptors, folders))
            _set(self, plan=plan, message_class=_message_class(message_class))

    def compile(self, path: str, code: CodeTable) -> ProtobufCodecPlan:
        """Return the codec for the plan; its class goes into ``code``."""
        kind = self.message_class
        if kind is None:
            return self.plan
        return replace(self.plan, message_class=_filed(kind, path, code))


def _set(codec: object, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(codec, name, value)


def _compiled(plan: P, as_type: Callable[..., object] | None, path: str, code: CodeTable) -> P:
    return plan if as_type is None else replace(plan, as_type=_filed(as_type, path, code))


def _filed(kind: Callable[..., object], path: str, code: CodeTable) -> CodeRef:
    return code.add(f"{path}/type", kind, function_line(kind))


def _name(file: Path | None) -> str:
    return "" if file is None else file.name


def _use(
    registry: bool | None,  # noqa: FBT001 - the user's own argument
    subject: str,
    strategy: str,
    auto_register: bool,  # noqa: FBT001
    use_latest_version: bool,  # noqa: FBT001
    normalize: bool,  # noqa: FBT001
    references: tuple[ReferencePlan, ...],
) -> RegistryUse:
    if strategy not in list(SubjectStrategy):
        raise UsageError(
            f'subject_name_strategy is "topic", "record" or "topic_record", got {strategy!r}'
        )
    return RegistryUse(
        wanted=registry, subject=subject, strategy=SubjectStrategy(strategy),
        auto_register=auto_register, use_latest_version=use_latest_version, normalize=normalize,
        references=references,
    )  # fmt: skip


def _kind(given: object) -> Callable[..., object] | None:
    if given is None or callable(given):
        return given
    raise UsageError(f"as_type is a class, or a function of a dict, got {given!r}")


def _message_class(given: object) -> object:
    if given is None or (isinstance(given, type) and hasattr(given, "DESCRIPTOR")):
        return given
    raise UsageError(f"a class that protoc has generated is needed, such as Person, got {given!r}")


def _one_of(*given: object) -> None:
    if sum(item is not None for item in given) > 1:
        raise UsageError("give one of these: a generated class, proto=..., descriptors=...")


def _folders(include: Sequence[Path_], folders: Sequence[Path]) -> list[Path]:
    roots = [Path(os.fspath(given)).expanduser() for given in include]
    return [folder / root for root in roots for folder in folders if (folder / root).is_dir()]


def _with_file(plan: ProtobufCodecPlan, file: Path, include: Sequence[Path]) -> ProtobufCodecPlan:
    compiled = compile_proto(file, include)
    chosen = chosen_class(compiled.descriptors, plan.message).DESCRIPTOR.full_name
    return replace(
        plan, message=chosen, descriptors=compiled.descriptors, file=file.name,
        schema=file.read_text(encoding="utf-8"), named=compiled.imports,
    )  # fmt: skip


def _with_descriptors(plan: ProtobufCodecPlan, file: Path) -> ProtobufCodecPlan:
    data = file.read_bytes()
    descriptor_set(data)
    chosen = chosen_class(data, plan.message).DESCRIPTOR.full_name
    return replace(plan, message=chosen, descriptors=data, file=file.name)
