"""Templates that can be read, wherever in a plan they stand."""

import dataclasses
from collections.abc import Iterator

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Template
from gatlingpy.plan.frozen import FrozenMap
from gatlingpy.plan.steps import Step
from gatlingpy.plan.template import parse


def template_problems(part: object) -> Iterator[str]:
    """Yield what is wrong with the templates of a part of a plan, ``None`` being no part.

    A step that stands inside it is looked at by itself.
    """
    for template in _templates(part):
        try:
            parse(template.text)
        except UsageError as error:
            yield str(error)


def _templates(value: object) -> Iterator[Template]:
    match value:
        case Template():
            yield value
        case tuple():
            for item in value:
                if not isinstance(item, Step):
                    yield from _templates(item)
        case FrozenMap():
            yield from _templates(tuple(value.values()))
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from _templates(getattr(value, field.name))
