"""Where in a registry a codec's schemas are: their subjects, and those that they refer to."""

from collections.abc import Callable, Sequence

from gatlingpy.protocols.kafka.codecs.plan import NamedSchema, RegistryUse, SubjectStrategy
from gatlingpy.protocols.kafka.codecs.registry import Reference, Registry, RegistrySchema


def subject_of(use: RegistryUse, topic: str, record: str, *, key: bool) -> str:
    """Return the subject of a topic's values or keys; empty while too little is known."""
    if use.subject:
        return use.subject
    match use.strategy:
        case SubjectStrategy.TOPIC:
            return f"{topic}-{'key' if key else 'value'}" if topic else ""
        case SubjectStrategy.RECORD:
            return record
        case SubjectStrategy.TOPIC_RECORD:
            return f"{topic}-{record}" if topic and record else ""


def settled_references(
    registry: Registry,
    use: RegistryUse,
    kind: str,
    named: Sequence[NamedSchema],
    refers: Callable[[str, str], bool],
) -> tuple[Reference, ...]:
    """Return what a schema refers to, as the registry knows it; blocks.

    Local schemas are registered under their own names, if schemas may be.  ``refers`` (text, name)
    tells whether a schema uses a name.  Raises ProtocolError.
    """
    found = [
        Reference(
            reference.name,
            reference.subject,
            reference.version or registry.version(reference.subject, 0).version,
        )
        for reference in use.references
    ]
    for name, text in ((schema.name, schema.text) for schema in named):
        own = tuple(reference for reference in found if refers(text, reference.name))
        version = registry.versioned(name, RegistrySchema(kind, text, own), use)
        found.append(Reference(name, name, version))
    return tuple(found)


def referred(registry: Registry | None, use: RegistryUse) -> list[NamedSchema]:
    """Return the schemas that a codec's own refers to and the registry has; blocks."""
    if registry is None:
        return []
    found: list[NamedSchema] = []
    for reference in use.references:
        registered = registry.version(reference.subject, reference.version)
        found += fetched(registry, registered.schema)
        found.append(NamedSchema(reference.name, registered.schema.text))
    return found


def fetched(registry: Registry, schema: RegistrySchema) -> list[NamedSchema]:
    """Return what a schema of the registry refers to, those first that others refer to."""
    found: dict[str, NamedSchema] = {}

    def fetch(inner: RegistrySchema) -> None:
        for reference in inner.references:
            if reference.name not in found:
                registered = registry.version(reference.subject, reference.version)
                fetch(registered.schema)
                found[reference.name] = NamedSchema(reference.name, registered.schema.text)

    fetch(schema)
    return list(found.values())
