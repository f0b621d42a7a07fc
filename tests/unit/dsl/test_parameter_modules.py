"""Modules that read parameters while they were imported, among all that Python calls modules."""

import sys
from types import ModuleType

import pytest

from gatlingpy.dsl.parameter_modules import kept_reads


class Library:
    """Says that it is a module and has no variables, as what cffi makes of a C library."""

    __slots__ = ()

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return ModuleType


def test_what_only_says_that_it_is_a_module_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands among the modules."""
    library = Library()
    assert isinstance(library, ModuleType)
    monkeypatch.setitem(sys.modules, "a_c_library.lib", library)  # type: ignore[arg-type]
    assert kept_reads("nosuch") == []
