"""Checks that must not type-check: an error that went away would leave its ignore unused."""

from gatlingpy import (
    MessageCheck,
    SerializationType,
    body_string,
    check_if,
    compare,
    field,
    header,
    json_path,
    kafka,
    message_check,
    regex,
    response_equals,
    x_path,
)

ask = kafka("Ask").request_reply()

ask.check(5)  # type: ignore[arg-type]
ask.check(None)  # type: ignore[arg-type]
json_path(5)  # type: ignore[arg-type]
json_path("$.a").find("1")  # type: ignore[arg-type]
json_path("$.a").find_random("1")  # type: ignore[arg-type]
json_path("$.a").exists().find(1)  # type: ignore[attr-defined]
json_path("$.a").satisfies("odd")  # type: ignore[arg-type]
json_path("$.a").validate(lambda value, session: True)  # type: ignore[call-arg, arg-type]
json_path("$.a").name(5)  # type: ignore[arg-type]
json_path("$.a").save_as(None)  # type: ignore[arg-type]
json_path("$.a").transform("upper")  # type: ignore[arg-type]
body_string().of_int()  # type: ignore[attr-defined]
json_path("$.a").capture_groups(1)  # type: ignore[attr-defined]
regex("a", "1")  # type: ignore[arg-type]
header()  # type: ignore[call-arg]
x_path("//a", ["o"])  # type: ignore[arg-type]
field(5)  # type: ignore[arg-type]
compare(json_path("$.a").exists(), json_path("$.a"))  # type: ignore[arg-type]
compare(json_path("$.a"))  # type: ignore[call-arg]
check_if(5, json_path("$.a"))  # type: ignore[arg-type]
response_equals().save_as("a")  # type: ignore[attr-defined]
message_check("M", "str")(len)  # type: ignore[arg-type]
MessageCheck("M", str, str, str, SerializationType.STRING, len)  # type: ignore[arg-type]
