"""A secret in a file: read when it is needed, and never shown."""

from pathlib import Path

import pytest

from gatlingpy.errors import UsageError
from gatlingpy.plan.code import Const, SecretFile
from gatlingpy.plan.steps import show_expression


@pytest.mark.parametrize("written", ["s3cret", "s3cret\n", "s3cret\r\n"])
def test_the_newline_at_the_end_does_not_count(tmp_path: Path, written: str) -> None:
    """Editors add it; other white space may be part of the secret."""
    path = tmp_path / "secret"
    path.write_bytes(written.encode())
    assert SecretFile(str(path)).resolve() == "s3cret"
    path.write_text(" é \n", encoding="utf-8")
    assert SecretFile(str(path)).resolve() == " é "


def test_a_home_folder_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where secrets often are."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "secret").write_text("s3cret")
    assert SecretFile("~/secret").resolve() == "s3cret"


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), (b"", "is empty"), (b"\n", "is empty"), (b"\xff\xfe", "no text")],
)
def test_a_file_without_a_secret_is_told(tmp_path: Path, content: bytes | None, said: str) -> None:
    """By its path."""
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=said) as told:
        SecretFile(str(path)).resolve()
    assert f"secret_file({str(path)!r})" in str(told.value)
    with pytest.raises(UsageError, match="Is a directory"):
        SecretFile(str(tmp_path)).resolve()


def test_only_the_path_is_shown(tmp_path: Path) -> None:
    """In a plan for people."""
    assert show_expression(Const(SecretFile("a/b"))) == "${file:a/b}"
