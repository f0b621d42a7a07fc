"""Protobuf at work: messages, dicts and the user's objects to Protobuf's encoding, and back."""

import base64
from collections.abc import Iterator
from typing import Any

from gatlingpy.clock import Clock
from gatlingpy.errors import ExpressionError, ProtocolError, UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.protocols.kafka.codecs.codec import Encode, Reader
from gatlingpy.protocols.kafka.codecs.frame import (
    PREFIX,
    BareReader,
    message_path,
    prefix,
    varints,
)
from gatlingpy.protocols.kafka.codecs.framed_codec import FramedCodec
from gatlingpy.protocols.kafka.codecs.plan import NamedSchema
from gatlingpy.protocols.kafka.codecs.proto_files import (
    MessagePath,
    compile_texts,
    file_descriptor,
    is_built_in,
    message_classes,
    message_names,
)
from gatlingpy.protocols.kafka.codecs.proto_messages import (
    MessageClass,
    chosen_class,
    is_message,
    place_of,
    protobuf_decoder,
    protobuf_encoder,
)
from gatlingpy.protocols.kafka.codecs.proto_tree import message_tree
from gatlingpy.protocols.kafka.codecs.registry import Registered, Registry, RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_plans import ProtobufCodecPlan
from gatlingpy.protocols.kafka.codecs.subjects import fetched, settled_references, subject_of
from gatlingpy.tracking.decoding import Decode


class ProtobufCodecAtWork(FramedCodec[ProtobufCodecPlan]):
    """One Protobuf codec of one run (``Codec``)."""

    KIND = "PROTOBUF"
    WORDS = "Protobuf"

    def __init__(
        self, plan: ProtobufCodecPlan, registry: Registry | None, code: CodeTable, clock: Clock
    ) -> None:
        """Find or make the class; ``registry`` is ``None`` for values that stand in no frame."""
        super().__init__(plan, registry, clock)
        self._class: MessageClass | None = _class_of(plan, code)
        self._plain = message_tree

    def encode_for(self, topic: str, *, key: bool) -> Encode:
        """Return what writes the values, or keys, of a topic."""
        if self._class is not None:
            return self._encoder(self._class, topic, key=key)
        encoders: dict[str, Encode] = {}

        def encode(value: object) -> bytes:
            """Write a message that brings its own class; the first of each may ask the registry."""
            if not is_message(value):
                raise ExpressionError(
                    f"the value is a {type(value).__name__}, and the codec knows no message; give "
                    "it a class, ProtobufCodec(Person), or return a message"
                )
            kind = type(value)
            name = kind.DESCRIPTOR.full_name  # type: ignore[attr-defined]
            if name not in encoders:
                encoders[name] = self._encoder(kind, topic, key=key)
            return encoders[name](value)

        return encode

    def _encoder(self, kind: MessageClass, topic: str, *, key: bool) -> Encode:
        if self._registry is None:
            return protobuf_encoder(kind, b"")
        found = self._settled(self._registry, kind, topic, key=key)
        if not key:
            self._framed(self._registry).add(found.schema_id, found.schema)
        path = place_of(kind.DESCRIPTOR)
        # A file's first message is written as a single 0.
        index = b"\x00" if path == (0,) else varints([len(path), *path])
        return protobuf_encoder(kind, prefix(found.schema_id) + index)

    def reader(self, topic: str, *, ahead: bool) -> Reader:
        """Return what reads a topic's values."""
        kind = self._class
        if self._registry is None:
            if kind is None:
                raise ProtocolError(
                    f"{self._plan.place}: without a registry a class is needed to read replies; "
                    "give ProtobufCodec(Person)"
                )
            return BareReader(protobuf_decoder(kind), None, message_tree)
        name = "" if kind is None else kind.DESCRIPTOR.full_name
        return self._framed_of(self._registry, topic, name, ahead=ahead)

    def _made(self, registry: Registry, found: RegistrySchema) -> Decode:
        """Return what reads frames of this schema: of the messages in it, the one that is told."""
        names = message_names(found.text)
        if self._class is not None:
            wanted = self._class.DESCRIPTOR.full_name
            read = protobuf_decoder(self._class)
            decoders = {path: read for path, name in names.items() if name == wanted}
        else:
            decoders = dict(_decoders(found, fetched(registry, found), names))
        return _told(decoders, names, self._class)

    def _settled(
        self, registry: Registry, kind: MessageClass, topic: str, *, key: bool
    ) -> Registered:
        use, descriptor = self._plan.registry, kind.DESCRIPTOR
        subject = subject_of(use, topic, descriptor.full_name, key=key)
        if use.use_latest_version:
            return registry.latest(subject, self.KIND)
        if self._plan.schema:
            text, imports = self._plan.schema, self._plan.named
        else:
            text, imports = _serialized(descriptor.file), tuple(_imported(descriptor.file))
        references = settled_references(registry, use, self.KIND, imports, _refers)
        return registry.settle(subject, RegistrySchema(self.KIND, text, references), use)


def _told(
    decoders: dict[MessagePath, Decode], names: dict[MessagePath, str], wanted: MessageClass | None
) -> Decode:
    def decode(data: bytes) -> object:
        path, start = message_path(data, PREFIX)
        read = decoders.get(path)
        if read is None:
            what = "message of its schema" if wanted is None else wanted.DESCRIPTOR.full_name
            raise ValueError(f"not a {what}: it is {names.get(path, f'number {path}')}")
        return read(data[start:])

    return decode


def _class_of(plan: ProtobufCodecPlan, code: CodeTable) -> MessageClass | None:
    if plan.message_class is not None:
        return code[plan.message_class]
    if not plan.descriptors:
        return None
    try:
        return chosen_class(plan.descriptors, plan.message)
    except UsageError as error:
        raise ProtocolError(f"{plan.place}: {error}") from error


def _decoders(
    found: RegistrySchema, imports: list[NamedSchema], names: dict[MessagePath, str]
) -> Iterator[tuple[MessagePath, Decode]]:
    """Make classes of the writer's schema; raises ValueError if it cannot be compiled."""
    try:
        classes = message_classes(_descriptors(found, imports))
    except UsageError as error:
        raise ValueError(f"the writer's schema cannot be used: {error}") from error
    for path, name in names.items():
        yield path, protobuf_decoder(classes[name])


def _descriptors(found: RegistrySchema, imports: list[NamedSchema]) -> bytes:
    from google.protobuf.descriptor_pb2 import FileDescriptorSet

    own = file_descriptor(found.text)
    if own is None:
        return compile_texts([*imports, NamedSchema("schema.proto", found.text)])
    files = FileDescriptorSet()
    for name in own.dependency:
        if is_built_in(name):
            _add_built_in(files, name)
    for schema in imports:
        file = file_descriptor(schema.text)
        if file is None:
            raise UsageError(f"{schema.name} is no serialized descriptor")
        file.name = schema.name
        files.file.append(file)
    files.file.append(own)
    written: bytes = files.SerializeToString()
    return written


def _add_built_in(files: Any, name: str) -> None:
    from google.protobuf import descriptor_pool

    file = files.file.add()
    descriptor_pool.Default().FindFileByName(name).CopyToProto(file)


def _serialized(file: Any) -> str:
    return base64.b64encode(file.serialized_pb).decode()


def _imported(file: Any) -> Iterator[NamedSchema]:
    """Yield the files that a generated one imports, those first that others import."""
    for dependency in file.dependencies:
        if not is_built_in(dependency.name):
            yield from _imported(dependency)
            yield NamedSchema(dependency.name, _serialized(dependency))


def _refers(text: str, name: str) -> bool:
    file = file_descriptor(text)
    return name in file.dependency if file is not None else f'"{name}"' in text
