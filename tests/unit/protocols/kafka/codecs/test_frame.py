"""Frames: the bytes before what was written."""

import pytest
from confluent_kafka.schema_registry.protobuf import ProtobufSerializer
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.protocols.kafka.codecs.frame import message_path, prefix, varints


def test_a_frame_begins_with_zero_and_the_id() -> None:
    """Four bytes, the highest first."""
    assert prefix(1) == b"\x00\x00\x00\x00\x01"
    assert prefix(0x01020304) == b"\x00\x01\x02\x03\x04"


@given(st.lists(st.integers(0, 2**31), min_size=1, max_size=6))
def test_message_indexes_are_those_of_confluents_client(path: list[int]) -> None:
    """Written byte for byte the same, but for the first message, which is a single 0; and read
    back."""
    import io

    theirs = io.BytesIO()
    ProtobufSerializer._encode_varints(theirs, path)
    ours = b"\x00" if path == [0] else varints([len(path), *path])
    assert ours == theirs.getvalue()
    assert message_path(b"\x00\x00\x00\x00\x01" + ours + b"rest", 5) == (tuple(path), 5 + len(ours))


@given(st.binary(max_size=12))
def test_any_bytes_are_a_path_or_refused(data: bytes) -> None:
    """Nothing else happens, and nothing takes for ever."""
    try:
        path, start = message_path(data, 0)
    except ValueError:
        path, start = (0,), len(data) or 1
    assert path
    assert 0 < start <= max(1, len(data))


@pytest.mark.parametrize("data", [b"", b"\x02", b"\x80", b"\x01", b"\x80" * 20])
def test_what_ends_too_early_is_refused(data: bytes) -> None:
    """So is a number that never ends."""
    with pytest.raises(ValueError, match="not a Protobuf message"):
        message_path(data, 0)
