"""The original's names for places in a message, as its users write them for correlation."""

from collections.abc import Callable, Mapping

from gatlingpy.dsl.check_builders import Extractor, GroupExtractor, JsonExtractor
from gatlingpy.dsl.check_extractors import header, json_path, key, message_function, regex, x_path


def JsonPathExtractor(path: str) -> JsonExtractor:  # noqa: N802 - the original's name
    """Look where ``json_path(path)`` does."""
    return json_path(path)


def XPathExtractor(  # noqa: N802 - the original's name
    path: str, namespaces: Mapping[str, str] | None = None
) -> Extractor:
    """Look where ``x_path(path, namespaces)`` does."""
    return x_path(path, namespaces)


def RegexExtractor(pattern: str, group: int | None = None) -> GroupExtractor:  # noqa: N802
    """Look where ``regex(pattern, group)`` does."""
    return regex(pattern, group)


def HeaderExtractor(name: str) -> Extractor:  # noqa: N802 - the original's name
    """Look where ``header(name)`` does."""
    return header(name)


def KeyExtractor() -> Extractor:  # noqa: N802 - the original's name
    """Look where ``key()`` does."""
    return key()


def FunctionExtractor(function: Callable[..., object]) -> Extractor:  # noqa: N802
    """Look where ``message_function(function)`` does."""
    return message_function(function)
