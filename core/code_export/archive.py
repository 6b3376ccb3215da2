"""Deterministic .npz files: equal arrays give equal bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""Date of the members of an archive, fixed so that equal content gives equal bytes."""


def npz_bytes(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Return ``arrays`` as the content of an .npz file; equal arrays give equal bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, member.getvalue())
    return content.getvalue()
