"""Files of records as they lie on the disk: found, opened, and unpacked where the user says so."""

import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from gatlingpy.errors import FeederError

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK"
_ENCRYPTED: Final = 1
"""The bit of a zip entry's flags that says so (APPNOTE 4.4.4)."""

READ_ERRORS: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)
"""What reading raises when a disk fails, or a packed file is damaged."""


def find_file(name: str, folders: Sequence[Path], call: str) -> Path:
    """Return the file of that name in the first folder that has it; raises FeederError.

    ``call`` begins the message: the user's line and what stands there.
    """
    for folder in folders:
        path = folder / name
        if path.is_file():
            return path
    for folder in folders:
        if (folder / name).is_dir():
            raise FeederError(f"{call}: {folder / name} is a folder; give the path of a file in it")
    looked = " nor ".join(dict.fromkeys(str(folder) for folder in folders))
    raise FeederError(
        f"{call}: there is no such file in {looked}; a relative path counts from "
        "the simulation's file, then from the working folder"
    )


def unreadable(name: str, error: BaseException) -> str:
    """Say that a file cannot be read."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{name}: cannot be read: {reason}"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file, plain or packed as gzip or as the one entry of a zip."""

    path: Path
    unzip: bool = False

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.path)

    def open(self) -> BinaryIO:
        """Return what is in it, unpacked, from the first byte on; raises FeederError."""
        try:
            return self._unpacked() if self.unzip else self._plain()
        except READ_ERRORS as error:
            raise FeederError(unreadable(self.name, error)) from error

    def open_seekable(self) -> BinaryIO:
        """Return what is in it so that it can be read from any place; raises FeederError.

        What is packed is unpacked into a file without a name, which is gone when it is closed.
        """
        if not self.unzip:
            return self.open()
        unpacked = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
        try:
            with self.open() as packed:
                shutil.copyfileobj(packed, unpacked)
        except READ_ERRORS as error:
            unpacked.close()
            raise FeederError(unreadable(self.name, error)) from error
        except BaseException:
            unpacked.close()
            raise
        unpacked.seek(0)
        return unpacked

    def is_within(self, most_bytes: int) -> bool:
        """Tell whether it is that small, unpacked; raises FeederError."""
        try:
            if not self.unzip:
                return self.path.stat().st_size <= most_bytes
            with self.open() as file:
                return len(file.read(most_bytes + 1)) <= most_bytes
        except READ_ERRORS as error:
            raise FeederError(unreadable(self.name, error)) from error

    def _plain(self) -> BinaryIO:
        file = self.path.open("rb")
        start = file.peek(2)[:2]
        if start in (_GZIP, _ZIP):
            file.close()
            kind = "gzip" if start == _GZIP else "zip"
            raise FeederError(f"{self.name} is packed as {kind}; add .unzip()")
        return file

    def _unpacked(self) -> BinaryIO:
        with self.path.open("rb") as file:
            start = file.read(2)
        if start == _GZIP:
            return cast("BinaryIO", gzip.open(self.path, "rb"))
        if start == _ZIP:
            return self._only_entry()
        raise FeederError(f"{self.name} is neither gzip nor zip; leave out .unzip()")

    def _only_entry(self) -> BinaryIO:
        with zipfile.ZipFile(self.path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) != 1:
                names = ", ".join(entry.filename for entry in entries[:3]) or "none"
                raise FeederError(
                    f"{self.name} holds {len(entries)} files, {names}{'…' * (len(entries) > 3)}; "
                    "it must hold exactly one"
                )
            if entries[0].flag_bits & _ENCRYPTED:
                raise FeederError(f"{self.name} is encrypted; pack it without a password")
            # The entry keeps the archive's file open for itself.
            return io.BufferedReader(cast("io.RawIOBase", archive.open(entries[0])))
