"""How values become bytes and bytes become values: Avro, Protobuf, JSON Schema, functions."""
