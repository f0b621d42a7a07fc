"""Checks as users write them: extract, find, transform, expect, name, save.

``json_path("$.status").is_("APPROVED")`` reads as in Gatling.  What is left out has a default: an
extractor alone takes the first value and expects that there is one.
"""

from gatlingpy.dsl.check_aliases import (
    FunctionExtractor,
    HeaderExtractor,
    JsonPathExtractor,
    KeyExtractor,
    RegexExtractor,
    XPathExtractor,
)
from gatlingpy.dsl.check_builders import (
    CheckBuilder,
    ExpectedCheck,
    Extractor,
    GroupExtractor,
    JmesExtractor,
    JsonExtractor,
)
from gatlingpy.dsl.check_extractors import (
    body,
    body_bytes,
    body_length,
    body_string,
    field,
    header,
    jmes_path,
    json_path,
    key,
    md5,
    message_function,
    offset,
    partition,
    regex,
    sha1,
    substring,
    timestamp,
    x_path,
)
from gatlingpy.dsl.check_list import (
    CheckArgument,
    ConditionalChecks,
    as_check,
    as_checks,
    check_if,
)
from gatlingpy.dsl.check_pairs import (
    Comparison,
    ResponseContainsRequest,
    ResponseEquals,
    compare,
    json_field_equals,
    response_contains_request,
    response_equals,
)
from gatlingpy.dsl.message_check import MessageCheck, message_check
from gatlingpy.dsl.session_check import SessionCheck, session_check
from gatlingpy.plan.checks import SerializationType

__all__ = [
    "CheckArgument",
    "CheckBuilder",
    "Comparison",
    "ConditionalChecks",
    "ExpectedCheck",
    "Extractor",
    "FunctionExtractor",
    "GroupExtractor",
    "HeaderExtractor",
    "JmesExtractor",
    "JsonExtractor",
    "JsonPathExtractor",
    "KeyExtractor",
    "MessageCheck",
    "RegexExtractor",
    "ResponseContainsRequest",
    "ResponseEquals",
    "SerializationType",
    "SessionCheck",
    "XPathExtractor",
    "as_check",
    "as_checks",
    "body",
    "body_bytes",
    "body_length",
    "body_string",
    "check_if",
    "compare",
    "field",
    "header",
    "jmes_path",
    "json_field_equals",
    "json_path",
    "key",
    "md5",
    "message_check",
    "message_function",
    "offset",
    "partition",
    "regex",
    "response_contains_request",
    "response_equals",
    "session_check",
    "sha1",
    "substring",
    "timestamp",
    "x_path",
]
