"""Whole runs with a real schema registry, against services that use Confluent's serializers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.command_line import Workplace, records
from tests.integration.schema_service import ANSWER_SCHEMA
from tests.integration.test_schema_registry import PERSON
from tests.services.ports import free_port
from tests.services.schema_registry import SchemaRegistry

pytestmark = pytest.mark.integration

RUN = """
class People(Simulation):
    def __init__(self):
        protocol = BROKER.schema_registry(env("TEST_REGISTRY")).value_codec({codec})
        ask = (ASK.value(lambda session: {value})
            .check(field("name").is_("Ann"), json_path("$.age").of_int().is_(31), {check}))
        wrong = kafka("Wrong").request_reply().topics("requests", "replies").timeout(5)
        wrong = wrong.value(lambda session: {{"name": "Ann", "aeg": 30}})
        people = scenario("People").exec(ask)
        misfits = scenario("Misfits").exec(wrong)
        self.set_up(
            people.inject_open(constant_users_per_sec(50).during(2)),
            misfits.inject_open(at_once_users(3)),
        ).protocols(protocol)
    def before(self, run):
        run.start_process(
            [sys.executable, "-m", "tests.integration.schema_service", run.bootstrap_servers,
             os.environ["TEST_REGISTRY"], "requests", "replies", "{kind}"],
            ready="subscribed",
        )
"""


def _ran(work: Workplace, registry: SchemaRegistry, **parts: str) -> tuple[Path, str]:
    name = work.simulation(RUN.format(**parts))
    ended = work.run("run", name, TEST_REGISTRY=registry.url)
    assert "Traceback" not in ended.text
    return work.run_folder(), ended.text


def _health(folder: Path) -> dict[str, Any]:
    (health,) = records(folder, "HEALTH")
    found: dict[str, Any] = json.loads(health[15])
    return found


@pytest.mark.parametrize(
    ("kind", "codec", "value", "check"),
    [
        ("avro", f"AvroCodec({PERSON!r})", "{'name': 'Ann', 'age': 30}", 'field("by").not_exists()'),
        ("avro", f"AvroCodec({ANSWER_SCHEMA!r})", "{'name': 'Ann', 'age': 30, 'by': 'me'}",
         'field("by").is_("service")'),
        ("protobuf", "ProtobufCodec(Person)", "Person(name='Ann', age=30)", 'field("age").gt(30)'),
    ],
    ids=["avro of an older schema", "avro of the same schema", "protobuf"],
)  # fmt: skip
def test_a_run_asks_and_is_answered(
    work: Workplace, schema_registry: SchemaRegistry,
    kind: str, codec: str, value: str, check: str,
) -> None:  # fmt: skip
    """Every reply is read and checked, though its schema is new to us; what does not fit is told."""
    start = "from tests.integration.schema_service import person_class\nPerson = person_class()\n"
    name = work.simulation(start + RUN.format(kind=kind, codec=codec, value=value, check=check))
    ended = work.run("run", name, TEST_REGISTRY=schema_registry.url)
    assert "Traceback" not in ended.text
    folder = work.run_folder()
    endings = [fields[12] for fields in records(folder, "REQUEST")]
    assert endings == ["ok"] * 100, ended.text
    errors = list(records(folder, "ERROR"))
    assert len(errors) == 3
    assert all("request 'Wrong': the value does not fit the " in fields[1] for fields in errors)
    assert all("aeg" in fields[1] for fields in errors)
    assert _health(folder)["values_serialized"] == 100
    assert 0 < _health(folder)["serializing_us"] < 5_000_000
    assert "values serialized" in (folder / "index.html").read_text()


def test_replies_that_are_none_fail_their_checks(
    work: Workplace, schema_registry: SchemaRegistry
) -> None:
    """With the reason; no user is lost."""
    folder, text = _ran(
        work, schema_registry, kind="bare", codec=f"AvroCodec({PERSON!r})",
        value="{'name': 'Ann', 'age': 30}", check="body_length().gt(0)",
    )  # fmt: skip
    rows = list(records(folder, "REQUEST"))
    assert [fields[12] for fields in rows] == ["check"] * 100, text
    assert "the reply is not written with the schema registry" in rows[0][6]


def test_a_registry_that_is_not_there_ends_the_run_before_it_begins(work: Workplace) -> None:
    """With exit code 1 and the remedy."""
    name = work.simulation(RUN.format(
        kind="avro", codec=f"AvroCodec({PERSON!r})", value="None", check="body_length().gt(0)",
    ))  # fmt: skip
    url = f"http://127.0.0.1:{free_port()}"
    ended = work.run("run", name, TEST_REGISTRY=url)
    ended.must_refuse(f"the schema registry at {url} cannot be reached", "check the URL")
