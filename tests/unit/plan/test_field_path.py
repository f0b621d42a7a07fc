"""Paths to fields are split into names and indices."""

import pytest

from gatlingpy.errors import UsageError
from gatlingpy.plan.field_path import Step, field_steps


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("a", ("a",)),
        ("a.b_2.C", ("a", "b_2", "C")),
        ("a[0]", ("a", 0)),
        ("a[0][-1].b", ("a", 0, -1, "b")),
        ("[2].a", (2, "a")),
    ],
)
def test_a_path_has_steps(path: str, steps: tuple[Step, ...]) -> None:
    """Names with dots between them, indices in brackets."""
    assert field_steps(path) == steps


@pytest.mark.parametrize(
    ("path", "rest"),
    [(".a", ".a"), ("a.", "."), ("a..b", "..b"), ("a[0]b", "b"), ("a[", "["), ("a[x]", "[x]"),
     ("a-b", "-b"), ("_a", "_a"), ("a.__dict__", ".__dict__"), ("1a", "1a"), ("a.[0]", ".[0]")],
)  # fmt: skip
def test_a_path_that_is_none_is_refused_from_where_it_is_none(path: str, rest: str) -> None:
    """Names that Python keeps for itself are none of a message."""
    with pytest.raises(UsageError) as refused:
        field_steps(path)
    assert f"at {rest!r} there is neither .name nor [index]" == str(refused.value)
