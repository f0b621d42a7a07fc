r"""Templates are parsed into text and placeholders; ``\#{`` escapes; mistakes have a column."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import CodeTable
from gatlingpy.plan.function_names import FREE_FUNCTIONS
from gatlingpy.plan.path import Apply, Element, Index, IndexFrom, Key, Path
from gatlingpy.plan.placeholder import Call
from gatlingpy.plan.template import Part, escape, has_placeholder, parse


def call(function: str, *arguments: str) -> Call:
    return Call(function, arguments, lambda _code: lambda _session: None)


def path(attribute: str, *steps: Key | Index | IndexFrom | Element | Apply) -> Path:
    return Path(attribute, steps)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("",)),
        ("plain", ("plain",)),
        ("#{a}", (path("a"),)),
        ("#{ a }", (path("a"),)),
        ("order-#{a}!", ("order-", path("a"), "!")),
        ("#{a}#{b}", (path("a"), path("b"))),
        (r"\#{a}", ("#{a}",)),
        (r"\#{#{a}}", ("#{", path("a"), "}")),
        (r"\\#{a}", (r"\#{a}",)),
        ("# {a} #a }", ("# {a} #a }",)),
        ("##{a}", ("#", path("a"))),
        ("#{a\nb}", (path("a\nb"),)),
        ("ü#{ключ}", ("ü", path("ключ"))),
        ("#{a-b c,d}", (path("a-b c,d"),)),
        ("${a}", ("${a}",)),
        ("$#{a}", ("$", path("a"))),
    ],
)
def test_parse(text: str, expected: tuple[Part, ...]) -> None:
    """A template is its text and its attributes, in order; Gatling's old ``${a}`` is text."""
    assert expected == parse(text)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("a.b", path("a", Key("b"))),
        ("a.b c.d-e", path("a", Key("b c"), Key("d-e"))),
        ("a . b", path("a", Key("b"))),
        ("a(3)", path("a", Index(3))),
        ("a(-1)", path("a", Index(-1))),
        ("a( 0 )", path("a", Index(0))),
        ("a(i)", path("a", IndexFrom("i"))),
        ("a(3x)", path("a", IndexFrom("3x"))),
        ("a._1", path("a", Element(1))),
        ("a._12", path("a", Element(12))),
        ("a._1x", path("a", Key("_1x"))),
        ("a._", path("a", Key("_"))),
        ("a(0)(1)", path("a", Index(0), Index(1))),
        ("a.b(0).c._2", path("a", Key("b"), Index(0), Key("c"), Element(2))),
        ("a.size", path("a", Key("size"))),
        ("a.size()", path("a", Apply("size"))),
        ("a.isUndefined()", path("a", Apply("is_undefined"))),
        ("a.is_undefined()", path("a", Apply("is_undefined"))),
        ("a.jsonStringify( )", path("a", Apply("json_stringify"))),
        ("a.b(0).exists()", path("a", Key("b"), Index(0), Apply("exists"))),
        ("a.random().name", path("a", Apply("random"), Key("name"))),
        (
            "a.html_unescape().json_stringify()",
            path("a", Apply("html_unescape"), Apply("json_stringify")),
        ),
        ("random_int", path("random_int")),
        ("random_int.x", path("random_int", Key("x"))),
        ("size", path("size")),
        ("size(0)", path("size", Index(0))),
        ("random_int()", call("random_int")),
        ("randomInt( )", call("random_int")),
        ("randomInt(-1,10)", call("random_int", "-1", "10")),
        ("random_long( 1 , 10 )", call("random_long", "1", "10")),
        ("randomDouble(0.5,1)", call("random_double", "0.5", "1")),
        ("random_double(0.5, 1.25, 2)", call("random_double", "0.5", "1.25", "2")),
        ("randomAlphanumeric(8)", call("random_alphanumeric", "8")),
        ("randomUuid()", call("random_uuid")),
        ("random_secure_uuid()", call("random_secure_uuid")),
        ("currentTimeMillis()", call("current_time_millis")),
        ("currentDate(dd/MM, HH:mm)", call("current_date", "dd/MM, HH:mm")),
        ("current_date( yyyy '}(#{'' ')", call("current_date", " yyyy '}(#{'' '")),
    ],
)
def test_placeholders(inside: str, expected: Part) -> None:
    """Paths and functions, in both spellings."""
    assert (expected,) == parse(f"#{{{inside}}}")
    assert ("é\n", expected, "}") == parse(f"é\n#{{{inside}}}}}")


@pytest.mark.parametrize("function", FREE_FUNCTIONS)
def test_every_function_is_resolved(function: str) -> None:
    """Each that is listed can be compiled, in the way that its usage shows."""
    usage = FREE_FUNCTIONS[function].split(" or ")[-1]
    filled = usage.replace("pattern", "yyyy").replace("min", "1").replace("max", "2")
    (part,) = parse(f"#{{{filled.replace('digits', '3').replace('length', '4')}}}")
    assert isinstance(part, Call)
    assert part.function == function
    assert callable(part.make(CodeTable()))


CLOSING = r"the placeholder has no closing brace; write #{attribute}, or \#{ for the two characters themselves"
NESTED = "a placeholder cannot stand inside another"
NAME = "the placeholder names no attribute: expected its name, got"
KEY = "expected the name of a key or of a function, got"
INDEX = "expected an index, or the name of the attribute that holds one, got"
INT = "expected a whole number from -2147483648 to 2147483647, got"
LONG = "expected a whole number from -9223372036854775808 to 9223372036854775807, got"
ORDER = "expected a minimum below the maximum, which is exclusive, got"
LETTERS = "A a c D d E e H h K k L M m N n O Q q S s u V w X x Y y Z z"
ALONE = "is not a function on its own; did you mean"
OF_ATTRIBUTE = "is not a function of an attribute; did you mean"


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("#{", 1, CLOSING),
        ("ab #{a", 4, CLOSING),
        ("ab #{a.b(", 4, CLOSING),
        ("ab #{random_int(1", 4, CLOSING),
        ("#{a} #{current_date(yyyy)", 6, CLOSING),
        ("ab #{}", 6, f"{NAME} '}}'"),
        ("#{ }", 4, f"{NAME} '}}'"),
        ("#{.a}", 3, f"{NAME} '.'"),
        ("#{(0)}", 3, f"{NAME} '('"),
        ("#{a#{b}}", 4, NESTED),
        ("#{#{b}}", 3, NESTED),
        ("#{a(#{b})}", 5, NESTED),
        ("#{random_int(#{b})}", 14, NESTED),
        ("#{a#b}", 4, "expected '}', got '#'"),
        ("#{a{b}", 4, "expected '}', got '{'"),
        ("#{a)}", 4, "expected '}', got ')'"),
        ("#{a.}", 5, f"{KEY} '}}'"),
        ("#{a..b}", 5, f"{KEY} '.'"),
        ("#{a(}", 5, f"{INDEX} '}}'"),
        ("#{a(0}", 6, "expected ')', got '}'"),
        ("#{a(0)()}", 8, f"{INDEX} ')'"),
        ("#{a(0)b}", 7, "expected '}', got 'b'"),
        ("#{a(i.j)}", 6, "expected ')', got '.'"),
        ("#{a._0}", 7, "expected ._1 or more: elements are counted from 1"),
        ("#{a.size().b}", 11, "expected '}', got '.'"),
        ("#{a.exists().exists()}", 13, "expected '}', got '.'"),
        ("#{randmInt()}", 3, f"'randmInt' {ALONE} randomInt() or randomInt(min, max)?"),
        ("#{random_it(1,2)}", 3, f"'random_it' {ALONE} random_int() or random_int(min, max)?"),
        ("#{size()}", 3, f"'size' {ALONE} attribute.size()?"),
        ("#{a.siez()}", 5, f"'siez' {OF_ATTRIBUTE} attribute.size()?"),
        ("#{a.isUndefind()}", 5, f"'isUndefind' {OF_ATTRIBUTE} attribute.isUndefined()?"),
        ("#{a.randomUuid()}", 5, f"'randomUuid' {OF_ATTRIBUTE} randomUuid()?"),
        ("#{a.random_int(1,2)}", 5, f"'random_int' {OF_ATTRIBUTE} random_int() or random_int(min, max)?"),
        ("#{randomInt(1)}", 3, "expected random_int() or random_int(min, max), got 1 argument"),
        ("#{random_int(1,2,3)}", 3, "expected random_int() or random_int(min, max), got 3 arguments"),
        ("#{random_uuid(1)}", 3, "expected random_uuid(), got 1 argument"),
        ("#{random_uuid().x}", 16, "expected '}', got '.'"),
        ("#{random_int(10,1)}", 14, f"{ORDER} 10 and 1"),
        ("#{random_int(1,1)}", 14, f"{ORDER} 1 and 1"),
        ("#{random_int(a, 2)}", 14, f"{INT} 'a'"),
        ("#{random_int(1,  1.5)}", 18, f"{INT} '1.5'"),
        ("#{random_int(1,)}", 16, f"{INT} ''"),
        ("#{random_int(0,2147483648)}", 16, f"{INT} '2147483648'"),
        ("#{random_int(-2147483649,0)}", 14, f"{INT} '-2147483649'"),
        ("#{random_long(0,9223372036854775808)}", 17, f"{LONG} '9223372036854775808'"),
        ("#{random_double(1.0,x)}", 21, "expected a number such as 0.5, got 'x'"),
        ("#{random_double(1e3,2.0)}", 17, "expected a number such as 0.5, got '1e3'"),
        ("#{random_double(2.0,1.0)}", 17, f"{ORDER} 2.0 and 1.0"),
        ("#{random_double(0.1,0.100000000000000001)}", 17, f"{ORDER} 0.1 and 0.100000000000000001"),
        ("#{random_double(0.0,1.0,16)}", 25, "expected a whole number from 0 to 15, got '16'"),
        (
            "#{random_double(1.1,1.9,0)}", 25,
            "expected more digits: there are no numbers of at most 0 from 1.1 to below 1.9",
        ),
        (
            "#{random_double(0.0,20000.0,15)}", 29,
            "expected fewer digits: there are over 2**64 numbers of at most 15 from 0.0 to below 20000.0",
        ),
        ("#{random_alphanumeric(0)}", 23, "expected a whole number from 1 to 100000000, got '0'"),
        ("#{random_alphanumeric()}", 3, "expected random_alphanumeric(length), got 0 arguments"),
        ("#{current_date()}", 3, "expected current_date(pattern), got 0 arguments"),
        ("#{current_date(yyyy 'x)}", 21, "the quote ' is never closed; write '' for a quote itself"),
        ("#{current_date(yyyy-mmm)}", 21, "mmm means nothing in a date pattern: m cannot stand 3 times"),
        ("#{current_date(yyyy[MM])}", 20, "[ means nothing in a date pattern; quote it: '['"),
        ("#{current_date(yyyy{)}", 20, "expected ')', got '{'"),
        (
            "#{current_date(d B)}", 18,
            f"the letter B means nothing in a date pattern here; use {LETTERS}, and quote text: 'text'",
        ),
    ],
)  # fmt: skip
def test_mistakes(text: str, column: int, message: str) -> None:
    """A placeholder that makes no sense is refused: where, what was expected, what was got."""
    expected = f"column {column} of {text!r}: {message}"
    with pytest.raises(UsageError, match=f"^{re.escape(expected)}$"):
        parse(text)


def test_functions_are_listed_where_none_is_near() -> None:
    """A name that resembles nothing gets the whole list."""
    with pytest.raises(
        UsageError, match=r"'xyz' is not a function on its own; functions are current_"
    ) as caught:
        parse("#{xyz()}")
    assert all(f" {name}" in str(caught.value) for name in FREE_FUNCTIONS)


def test_long_texts_are_shortened() -> None:
    """What stands around the mistake is shown; texts of several lines have lines and columns."""
    text = '{\n  "id": "#{id}",\n  "name": "#{name()}",\n' + '  "more": "text",\n' * 10 + "}"
    shown = r"""": "#{id}",\n  "name": "#{name()}",\n  "more": "text"""
    with pytest.raises(
        UsageError, match=f"^line 3, column 14 of '…{re.escape(shown)}…': 'name' is not"
    ):
        parse(text)


# A backslash right before a placeholder would escape it.
plain = st.text(st.characters(exclude_characters="\\"), max_size=8).map(
    lambda text: text.replace("#{", "").rstrip("#")
)
names = st.text(st.characters(exclude_characters=".#{}()"), min_size=1, max_size=8).filter(
    str.strip
)


@given(st.lists(st.tuples(plain, names), max_size=4), plain)
def test_what_is_written_is_found(pairs: list[tuple[str, str]], tail: str) -> None:
    """Text and attributes put together are taken apart into the same parts."""
    text = "".join(f"{before}#{{{name}}}" for before, name in pairs) + tail
    expected: list[Part] = []
    for before, name in pairs:
        expected += [before] if before else []
        expected.append(Path(name.strip()))
    if tail or not expected:
        expected.append(tail)
    assert tuple(expected) == parse(text)


keys = names.map(str.strip).filter(lambda name: not re.fullmatch(r"_[0-9]+", name))
index_names = keys.filter(lambda name: "," not in name and not re.fullmatch("-?[0-9]+", name))
steps = st.one_of(
    keys.map(Key),
    st.integers(-(10**8), 10**8).map(Index),
    index_names.map(IndexFrom),
    st.integers(1, 10**8).map(Element),
    st.sampled_from(["random", "json_stringify", "html_unescape"]).map(Apply),
)


@given(keys, st.lists(steps, max_size=5))
def test_paths_are_read_as_they_are_written(attribute: str, steps: list[Key | Index]) -> None:
    """However long they are."""
    whole = Path(attribute, tuple(steps))
    assert (whole,) == parse(f"#{{{attribute}{''.join(map(str, steps))}}}")


@given(st.text(st.sampled_from("\\#{}a.($") | st.characters(), max_size=30))
def test_escaped_text_is_itself(text: str) -> None:
    """Whatever a text holds: escaped, it has no placeholder and reads as it was."""
    assert (text,) == parse(escape(text))


@given(
    st.text("\\#{}a.()_1, ", max_size=20)
    | st.lists(
        st.sampled_from(
            [
                "#{",
                "}",
                "(",
                ")",
                ".",
                "._1",
                "a",
                ",",
                "1",
                "'",
                "\\",
                "size()",
                "random_int",
                "current_date(",
                "yyyy",
            ]
        ),
        max_size=9,
    ).map("".join)
)
def test_never_anything_but_a_usage_error(text: str) -> None:
    """Any text is either parsed or refused; without a placeholder it is itself."""
    parts: tuple[Part, ...] = (text,)
    with suppress(UsageError):
        parts = parse(text)
    assert has_placeholder(text) or (text,) == parts
