"""Messages for tests, made without any compiler."""

from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)
from google.protobuf.descriptor_pool import Default, DescriptorPool
from google.protobuf.message_factory import GetMessageClass

F = FieldDescriptorProto


def field(
    name: str,
    number: int,
    kind: int = F.TYPE_STRING,
    of: str = "",
    *,
    many: bool = False,
    label: int | None = None,
) -> FieldDescriptorProto:
    return F(
        name=name, number=number, type=kind, type_name=of or None,
        label=label or (F.LABEL_REPEATED if many else F.LABEL_OPTIONAL),
    )  # fmt: skip


def message(name: str, *fields: FieldDescriptorProto, **more: Any) -> DescriptorProto:
    return DescriptorProto(name=name, field=fields, **more)


def file(name: str, *messages: DescriptorProto, **more: Any) -> FileDescriptorProto:
    made = FileDescriptorProto(name=name, package="shop", message_type=messages, **more)
    made.syntax = more.get("syntax", "proto3")
    return made


ADDRESS_FILE = file("address.proto", message("Address", field("city", 1)))
ORDER_FILE = file(
    "order.proto",
    message("Line", field("sku", 1), field("count", 2, F.TYPE_INT64)),
    message(
        "Order",
        field("id", 1),
        field("lines", 2, F.TYPE_MESSAGE, ".shop.Line", many=True),
        field("to", 3, F.TYPE_MESSAGE, ".shop.Address"),
        field("note", 4, F.TYPE_MESSAGE, ".shop.Order.Note"),
        nested_type=[message("Note", field("text", 1))],
    ),
    dependency=["address.proto"],
)
STRICT_FILE = file(
    "strict.proto", message("Strict", field("id", 1, label=F.LABEL_REQUIRED)), syntax="proto2"
)


def classes(*files: FileDescriptorProto) -> dict[str, Any]:
    """Return classes of the messages of the last file, by short name."""
    pool = DescriptorPool()
    for one in files:
        for name in one.dependency:
            if name.startswith("google/"):
                pool.AddSerializedFile(Default().FindFileByName(name).serialized_pb)
        pool.Add(one)
    found = pool.FindFileByName(files[-1].name).message_types_by_name
    return {name: GetMessageClass(descriptor) for name, descriptor in found.items()}


def descriptor_bytes(*files: FileDescriptorProto) -> bytes:
    return bytes(FileDescriptorSet(file=files).SerializeToString())


ORDERS = classes(ADDRESS_FILE, ORDER_FILE)
Order, Line = ORDERS["Order"], ORDERS["Line"]
Strict = classes(STRICT_FILE)["Strict"]
