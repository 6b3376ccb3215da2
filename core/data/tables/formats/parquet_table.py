"""Convert Parquet files to a text table, with pandas and the optional dependency pyarrow."""

from __future__ import annotations

import importlib.util
import io
from typing import Final

from core.data.tables.layout.grid import shown
from core.data.tables.layout.text_table import TableText
from core.data.tables.limits import MAX_CELLS, MAX_COLUMNS, Progress, grouped
from core.errors import TableError

_UNNAMED_INDEX: Final = "__index_level_"
_ROWS_PER_BATCH: Final = 20_000


def read_parquet(content: bytes, name: str, progress: Progress) -> TableText:
    """Convert a Parquet file to comma-separated text.

    Raises:
        TableError: pyarrow is not installed, or the file is damaged or too large, or all columns contain lists or records.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise TableError(
            f'{name}: Parquet files require the package pyarrow; install it with pip install "nn-playground[parquet]"'
        )
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
            raise TableError(f"{name}: {grouped(rows)} rows of {grouped(columns)} columns are too many to read")
        fields = list(file.schema_arrow)
        nested = [field.name for field in fields if pa.types.is_nested(field.type)]
        kept = [field.name for field in fields if field.name not in nested]
        if not kept:
            raise TableError(f'{name}: column "{nested[0]}" contains lists or records, which cannot be cells')
        text = io.StringIO()
        done = 0
        for batch in file.iter_batches(batch_size=_ROWS_PER_BATCH, columns=kept):
            frame = batch.to_pandas(ignore_metadata=True)  # otherwise a named index would not be a column
            frame = frame.drop(columns=[name for name in frame if str(name).startswith(_UNNAMED_INDEX)])
            frame = frame.replace({True: "true", False: "false"}) if "bool" in map(str, frame.dtypes) else frame
            frame.to_csv(text, index=False, header=done == 0, lineterminator="\n")
            done += len(frame)
            progress.reach(done / rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name}: the Parquet file cannot be read ({error})") from None
    if not rows:
        raise TableError(f"{name}: the table has a header but no rows")
    notes = tuple(f"Column “{shown(each)}” contains lists or records and was left out." for each in nested[:5])
    return TableText(text.getvalue(), "parquet", delimiter=",", header=True, notes=notes)
