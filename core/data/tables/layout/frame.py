"""Parse the rows of a text table with pandas: columns of plain numbers as numbers, all others as text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from msgspec import Struct

from core.data.tables.cells.leading_zeros import codes_in, may_be_codes, may_occur
from core.data.tables.cells.missing import MISSING
from core.data.tables.limits import Progress
from core.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from core.arrays import Floats
    from core.data.tables.cells.number_parts import Decimal

Texts: TypeAlias = "np.ndarray[Any, np.dtype[np.object_]]"
"""(N,): an array of str."""

_CHUNK_CELLS: Final = 400_000
"""Number of cells between two checks for cancellation."""


class Frame(Struct, frozen=True, eq=False):
    """The parsed columns of a table.

    Attributes:
        body: rows as UTF-8 text, without the header.
        delimiter: the delimiter character.
        width: number of columns.
        numbers: (N,) for each column in which all cells are plain numbers or missing, but no codes with leading zeros.
        words: (N,) texts for each other column.
    """

    body: bytes
    delimiter: str
    width: int
    numbers: Mapping[int, Floats]
    words: Mapping[int, Texts]

    def texts(self, index: int) -> Texts:
        """Return the texts of column ``index`` (N,); a column of numbers is parsed again."""
        if index in self.words:
            return self.words[index]
        frame = _reader(self.body, self.delimiter, self.width, dtype=str, na_filter=False, usecols=[index]).read()
        cells: Texts = frame[index].to_numpy(dtype=object)
        return cells


def read_frame(
    body: bytes, delimiter: str, width: int, n_rows: int, decimal: Decimal, name: str, progress: Progress
) -> Frame:
    """Parse ``body``, the rows of a table, which must have at most ``width`` cells each.

    Raises:
        TableError: pandas finds a different number of rows.
    """
    import pandas as pd

    chunk = max(1000, _CHUNK_CELLS // width)
    parts: list[list[Floats | Texts | None]] = [[] for _ in range(width)]
    read = 0
    try:
        reader = _reader(
            body, delimiter, width, decimal=decimal, na_values=list(MISSING), chunksize=chunk, low_memory=False
        )
        for frame in reader:
            read += len(frame)
            for index in range(width):
                parts[index].append(_plain(frame[index]))
            progress.reach(0.7 * read / n_rows)
        numbers = {
            index: np.concatenate(found) for index, each in enumerate(parts) if (found := _all(each, np.float64))
        }
        words = {index: np.concatenate(found) for index, each in enumerate(parts) if (found := _all(each, np.object_))}
        others = [index for index in range(width) if index not in numbers and index not in words]
        words |= _words(body, delimiter, width, others, progress)
        codes = _codes(body, delimiter, width, numbers)
        words |= codes
    except pd.errors.ParserError as error:
        raise TableError(f"{name}: the table cannot be read ({error})") from None
    if read != n_rows:
        raise TableError(f"{name}: {n_rows} rows were counted, but {read} could be read")
    numbers = {index: values for index, values in numbers.items() if index not in codes}
    for values in numbers.values():
        values[~np.isfinite(values)] = np.nan
    return Frame(body, delimiter, width, numbers, words)


def _codes(body: bytes, delimiter: str, width: int, numbers: Mapping[int, Floats]) -> dict[int, Texts]:
    """Return the texts of those columns of ``numbers`` that are codes with leading zeros."""
    candidates = [index for index, values in numbers.items() if may_be_codes(values)]
    if not candidates or not may_occur(body, delimiter):
        return {}
    frame = _reader(body, delimiter, width, dtype=str, na_filter=False, usecols=candidates).read()
    texts = {index: frame[index].to_numpy(dtype=object) for index in candidates}
    return {index: cells for index, cells in texts.items() if codes_in(cells.tolist())}


def _words(body: bytes, delimiter: str, width: int, columns: list[int], progress: Progress) -> dict[int, Texts]:
    """Return the texts of ``columns``, of which pandas parsed parts as numbers or truth values."""
    if not columns:
        return {}
    progress.reach(0.7)
    frame = _reader(body, delimiter, width, dtype=str, na_filter=False, usecols=columns).read()
    return {index: frame[index].to_numpy(dtype=object) for index in columns}


def _reader(body: bytes, delimiter: str, width: int, **options: Any) -> Any:  # noqa: ANN401 - pandas' own options
    import pandas as pd

    options.setdefault("chunksize", 10**9)
    return pd.read_csv(
        io.BytesIO(body),
        sep=delimiter,
        header=None,
        names=range(width),
        index_col=False,
        skipinitialspace=True,
        skip_blank_lines=True,
        keep_default_na=False,
        **options,
    )


def _plain(series: pd.Series) -> Floats | Texts | None:
    """Return ``series`` (N,) as numbers, missing ones as NaN, or as texts, missing ones as ""; else ``None``."""
    import pandas as pd

    if isinstance(series.dtype, pd.StringDtype):
        texts: Texts = series.to_numpy(dtype=object, na_value="")
        return texts
    # Truth values in a column with missing ones are objects; how they were written is lost.
    if pd.api.types.is_bool_dtype(series) or not pd.api.types.is_numeric_dtype(series):
        return None
    return series.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)


def _all(pieces: list[Floats | Texts | None], kind: type[np.generic]) -> list[Any]:
    """Return ``pieces`` of a column if all are of the same kind; otherwise empty."""
    return pieces if all(each is not None and each.dtype == kind for each in pieces) else []
