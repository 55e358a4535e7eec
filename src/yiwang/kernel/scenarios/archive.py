"""Writing a package as a .zip that is the same byte for byte wherever and whenever it is written."""

from __future__ import annotations

import io
import zipfile

from yiwang.kernel.scenarios.package import Package

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


def to_zip(package: Package) -> bytes:
    """The package as a .zip: paths sorted, one fixed time and mode, so that equal content gives equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, data in package.files.items():
            info = zipfile.ZipInfo(path, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()
