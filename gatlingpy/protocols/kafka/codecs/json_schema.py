"""JSON Schema at work: JSON that is held to a schema before it is sent and when it is read."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from gatlingpy.errors import ExpressionError, UsageError
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.protocols.kafka.codecs.codec import Encode
from gatlingpy.protocols.kafka.codecs.frame import PREFIX
from gatlingpy.protocols.kafka.codecs.framed_codec import TextSchemaCodec
from gatlingpy.protocols.kafka.codecs.plan import NamedSchema
from gatlingpy.protocols.kafka.codecs.registry import Registry, RegistrySchema
from gatlingpy.protocols.kafka.codecs.schema_plans import JsonSchemaCodecPlan
from gatlingpy.protocols.kafka.codecs.values import plain
from gatlingpy.tracking.decoding import Decode, read_json

_OLD_DRAFTS: Final = ("draft-04", "draft-06", "draft-07")

Validate: TypeAlias = Callable[[object], None]
"""Raises ValueError, which says where, for a value that does not fit."""


class JsonSchema(NamedTuple):
    """A schema that values are held to."""

    title: str
    validate: Validate
    text: str


def parse(text: str, named: Sequence[NamedSchema] = ()) -> JsonSchema:
    """Compile a schema; raises UsageError for one that is none."""
    try:
        raw: object = orjson.loads(text)
        others: dict[str, object] = {s.name: orjson.loads(s.text) for s in named}
    except orjson.JSONDecodeError as error:
        raise UsageError(f"the JSON schema is no JSON: {error}") from error
    if not isinstance(raw, dict | bool):
        raise UsageError(f"the JSON schema must be an object, got a {type(raw).__name__}")
    title = str(raw.get("title", "")) if isinstance(raw, dict) else ""
    return JsonSchema(title, _validator(raw, others), text)


def _validator(raw: Any, others: dict[str, object]) -> Validate:
    version = str(raw.get("$schema", "")) if isinstance(raw, dict) else ""
    if (
        not others
        and isinstance(raw, dict)
        and (not version or any(d in version for d in _OLD_DRAFTS))
    ):
        quick = _quick_validator(raw)
        if quick is not None:
            return quick
    return _whole_validator(raw, others)


def _quick_validator(raw: dict[str, Any]) -> Validate | None:
    """Return Python code made of the schema, or ``None`` if that cannot be had."""
    draft = str(raw.get("$schema", _OLD_DRAFTS[-1]))
    if not any(known in draft for known in _OLD_DRAFTS):
        return None
    try:
        import fastjsonschema

        check = fastjsonschema.compile(
            raw, handlers={"http": _refuse, "https": _refuse}, use_default=False, use_formats=False
        )
    except Exception:  # noqa: BLE001 - the other validator says what is wrong, if anything is
        return None

    def validate(value: object) -> None:
        try:
            check(value)
        except fastjsonschema.JsonSchemaValueException as error:
            path = "".join(f"[{p}]" if str(p).isdigit() else f".{p}" for p in error.path[1:])
            said = str(error.message).removeprefix(str(error.name)).strip()
            raise ValueError(f"${path} {said}") from None

    return validate


def _refuse(uri: str) -> object:
    raise ValueError(f"{uri} would have to be fetched")


def _whole_validator(raw: Any, others: dict[str, object]) -> Validate:
    """Return the reference implementation's: slower, for every draft."""
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import SchemaError, best_match
    from jsonschema.validators import validator_for
    from referencing import Registry as Resources
    from referencing import Resource
    from referencing.exceptions import NoSuchResource
    from referencing.jsonschema import DRAFT7

    def retrieve(uri: str) -> Resource[Any]:
        for name, schema in others.items():
            if uri == name or uri.endswith(f"/{name}"):
                return Resource.from_contents(schema, default_specification=DRAFT7)
        raise NoSuchResource(ref=uri)

    kind = validator_for(raw, default=Draft7Validator)
    try:
        kind.check_schema(raw)
    except SchemaError as error:
        raise UsageError(f"the JSON schema cannot be used: {error.message}") from error
    validator = kind(raw, registry=Resources(retrieve=retrieve))

    def validate(value: object) -> None:
        error = best_match(validator.iter_errors(value))
        if error is not None:
            raise ValueError(f"{error.json_path}: {error.message}")

    return validate


class JsonSchemaCodecAtWork(TextSchemaCodec[JsonSchemaCodecPlan, JsonSchema]):
    """One JSON Schema codec of one run (``Codec``)."""

    KIND = "JSON"
    WORDS = "JSON of a JSON schema"
    NO_SUBJECT = (
        "the subject follows from the schema's title, and it has "
        'none; give it one, or give subject="..."'
    )

    def _parse(self, text: str, named: Sequence[NamedSchema]) -> JsonSchema:
        return parse(text, named)

    def _refers(self, text: str, name: str) -> bool:
        return f'"{name}"' in text or f'"{name}#' in text or f'/{name}"' in text

    def _record(self, schema: JsonSchema) -> str:
        return schema.title

    def _encoder(self, schema: JsonSchema, start: bytes) -> Encode:
        return json_encoder(schema, start)

    def _bare(self) -> Decode:
        return json_decoder(self._held_to(None))

    def _held_to(self, writer: JsonSchema | None) -> JsonSchema | None:
        """Return the schema that values which are read are held to, if any."""
        return (self._schema or writer) if self._plan.validate else None

    def _made(self, registry: Registry, found: RegistrySchema) -> Decode:
        writer = None if self._schema else self._writer(registry, found)
        return json_decoder(self._held_to(writer), PREFIX)


def json_encoder(schema: JsonSchema, start: bytes) -> Encode:
    """Return what writes values that fit a schema behind ``start``."""
    validate = schema.validate
    what = f"the JSON schema {schema.title}" if schema.title else "the JSON schema"

    def encode(value: object) -> bytes:
        try:
            if isinstance(value, str | bytes):
                written = value.encode() if isinstance(value, str) else value
            else:
                written = orjson.dumps(value, default=_plain)
            # What is sent is what is held to the schema, dates as text and all.
            validate(orjson.loads(written))
        except orjson.JSONDecodeError as error:
            raise ExpressionError(f"the value is text, but no JSON: {error}") from error
        except TypeError as error:
            raise ExpressionError(f"the value cannot be written as JSON: {error}") from error
        except ValueError as error:
            raise ExpressionError(f"the value does not fit {what}: {error}") from error
        return start + written

    return encode


def _plain(value: object) -> object:
    if isinstance(value, FrozenMap):
        return dict(value)
    made = plain(value)
    if made is value:
        raise TypeError(f"{type(value).__name__} {value!r} is no JSON value")
    return made


def json_decoder(schema: JsonSchema | None, start: int = 0) -> Decode:
    """Return what reads JSON and holds it to a schema, if any."""
    if schema is None:
        return lambda data: read_json(data[start:])
    validate, title = schema.validate, schema.title

    def decode(data: bytes) -> object:
        value = read_json(data[start:])
        try:
            validate(value)
        except ValueError as error:
            what = f"the JSON schema {title}" if title else "the JSON schema"
            raise ValueError(f"not what {what} asks for: {error}") from None
        return value

    return decode
