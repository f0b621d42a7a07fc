"""Links lead somewhere, and nothing public or configurable is left unsaid."""

import re

import pytest

import gatlingpy
from gatlingpy.cli import main as command_line
from gatlingpy.dsl.assertion_conditions import ConditionBuilder
from gatlingpy.dsl.assertion_targets import DeliveryBuilder, RequestsBuilder, TimesBuilder
from gatlingpy.dsl.assertions import DetailsBuilder
from gatlingpy.dsl.branches import Branches
from gatlingpy.dsl.check_builders import ExpectedCheck, JsonExtractor
from gatlingpy.dsl.exits import Exits
from gatlingpy.dsl.feeder_files import FileFeederBuilder
from gatlingpy.dsl.loops import Loops
from gatlingpy.dsl.population import Population
from gatlingpy.dsl.scenario import Scenario
from gatlingpy.dsl.setup import SetUp
from gatlingpy.dsl.switches import Switches
from gatlingpy.dsl.waiting import Waiting
from gatlingpy.dsl.while_loops import WhileLoops
from gatlingpy.errors import ExitCode, GatlingError
from gatlingpy.protocols.kafka.consume_builder import KafkaConsumeBuilder
from gatlingpy.protocols.kafka.properties import CONSUMER_DEFAULTS, PRODUCER_DEFAULTS
from gatlingpy.protocols.kafka.protocol_builder import KafkaProtocolBuilder
from gatlingpy.protocols.kafka.request_builders import KafkaRequestReplyBuilder, KafkaSendBuilder
from gatlingpy.session import Session
from gatlingpy.stats.events import Ending, ReplyKind
from tests.docs.page import ROOT, DocPage, pages, read_page

PAGES = pages()
_NOT_THE_USERS = {
    "compile",
    "extract_plan",
    "look_plan",
    "kind",
    "enter_group",
    "leave_group",
    "enter_loop",
    "leave_loop",
    "enter_try",
    "leave_try",
    "has_to_try_again",
    "after_request",
    "blocks",
    "seal",
    "identity",
    "walk",
}
"""Public methods that the engine and the compiler call."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings_that_exist(page: DocPage) -> None:
    """Every relative link of a page has a file, and every anchor a heading."""
    for link in page.links():
        file, _, anchor = link.partition("#")
        target = (page.path.parent / file).resolve() if file else page.path
        assert target.exists(), f"{page.name}: {link} leads to no file"
        if anchor:
            assert anchor in read_page(target).anchors(), f"{page.name}: {link} has no heading"


def test_every_page_is_linked_from_the_index() -> None:
    """A reader finds each page through ``docs/index.md``."""
    index = ROOT / "docs" / "index.md"
    linked = {
        (index.parent / link.partition("#")[0]).resolve() for link in read_page(index).links()
    }
    records = ROOT / "docs" / "adr"
    lost = {
        page.name
        for page in PAGES
        if page.path.is_relative_to(ROOT / "docs")
        and page.path != index
        and page.path not in linked
        and not (page.path.parent == records and page.path.name != "README.md")
    }
    assert lost == set()


def _code_of(name: str) -> str:
    page = read_page(ROOT / name)
    return "\n".join([*re.findall(r"`([^`]+)`", page.prose), *(b.text for b in page.blocks)])


def _pages_that_it_leads_to(name: str) -> list[str]:
    page = read_page(ROOT / name)
    files = {link.partition("#")[0] for link in page.links()}
    return sorted(f"docs/{file}" for file in files if (ROOT / "docs" / file).suffix == ".md")


def _mentioned(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", text) is not None


def test_every_public_name_is_documented() -> None:
    """Each name of ``gatlingpy.__all__`` stands in code somewhere below ``docs``."""
    text = "\n".join(_code_of(page.name) for page in PAGES if page.name != "CHANGELOG.md")
    assert [name for name in gatlingpy.__all__ if not _mentioned(name, text)] == []


@pytest.mark.parametrize(
    ("builder", "page"),
    [
        (Scenario, "docs/scenarios.md"),
        (Waiting, "docs/pauses.md"),
        (Loops, "docs/loops.md"),
        (WhileLoops, "docs/loops.md"),
        (Branches, "docs/conditions.md"),
        (Switches, "docs/conditions.md"),
        (Exits, "docs/groups-and-errors.md"),
        (Session, "docs/scenarios.md"),
        (FileFeederBuilder, "docs/feeders.md"),
        (KafkaProtocolBuilder, "docs/kafka.md"),
        (KafkaSendBuilder, "docs/kafka.md"),
        (KafkaRequestReplyBuilder, "docs/kafka.md"),
        (KafkaConsumeBuilder, "docs/kafka.md"),
        (JsonExtractor, "docs/checks.md"),
        (ExpectedCheck, "docs/checks.md"),
        (DetailsBuilder, "docs/assertions.md"),
        (RequestsBuilder, "docs/assertions.md"),
        (TimesBuilder, "docs/assertions.md"),
        (DeliveryBuilder, "docs/assertions.md"),
        (ConditionBuilder, "docs/assertions.md"),
        (SetUp, "docs/load.md"),
        (Population, "docs/load.md"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_every_method_is_on_its_page(builder: type, page: str) -> None:
    """What a user may call on a builder or a session is named on the page about it.

    Kafka has an overview, and pages that it leads to.
    """
    text = _code_of(page)
    if page == "docs/kafka.md":
        text = "\n".join([text, *map(_code_of, _pages_that_it_leads_to(page))])
    methods = {name for name in dir(builder) if not name.startswith("_")} - _NOT_THE_USERS
    fields = {name for cls in builder.__mro__ for name in getattr(cls, "__dataclass_fields__", ())}
    assert sorted(name for name in methods - fields if not _mentioned(name, text)) == []


def test_every_error_has_a_section() -> None:
    """``docs/errors.md`` has a heading for each error, and tells each exit code."""
    headings = re.findall(r"^#+ `?(\w+)`?$", read_page(ROOT / "docs/errors.md").prose, re.MULTILINE)

    def tree(error: type[Exception]) -> set[str]:
        return {error.__name__}.union(*(tree(sub) for sub in error.__subclasses__()))

    assert tree(GatlingError) - set(headings) == set()


@pytest.mark.parametrize("page", ["README.md", "docs/errors.md"])
def test_exit_codes_are_told(page: str) -> None:
    """A table row begins with each exit code."""
    prose = read_page(ROOT / page).prose
    assert [code for code in ExitCode if f"| {int(code)} |" not in prose] == []


def test_every_option_of_the_command_line_is_told() -> None:
    """Commands and options stand on the page about them."""
    text = _code_of("docs/command-line.md")
    commands = next(a for a in command_line._parser()._actions if isinstance(a.choices, dict))
    options = {
        option
        for parser in commands.choices.values()
        for action in parser._actions
        for option in action.option_strings
        if option not in ("-h", "--help")
    }
    told = (*commands.choices, *options)
    assert [word for word in told if not _mentioned(word, text)] == []


def test_client_defaults_are_those_of_the_code() -> None:
    """The tables of client properties hold each default, with its value."""
    prose = read_page(ROOT / "docs/kafka.md").prose
    missing = []
    for name, value in {**PRODUCER_DEFAULTS, **CONSUMER_DEFAULTS}.items():
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        if f"| `{name}` | `{shown}` |" not in prose:
            missing.append(f"{name} = {shown}")
    assert missing == []


def test_endings_and_replies_are_told() -> None:
    """The words that stand in logs and reports are explained on the Kafka page."""
    text = _code_of("docs/kafka.md")
    assert [word for word in (*Ending, *ReplyKind) if not _mentioned(word, text)] == []


def test_chores_of_make_exist() -> None:
    """Every ``make`` that a page tells the reader to type is in the Makefile."""
    chores = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = {
        word
        for page in PAGES
        for text in (*(block.text for block in page.of("sh", "console")), page.prose)
        for word in re.findall(r"(?:^|\$ |`)make ([a-z]+)", text, re.MULTILINE)
    }
    assert {"demo", "test"} <= told <= chores
