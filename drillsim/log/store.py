"""Tables as Parquet files, with the schema's version in the file; logs written and read again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from drillsim.errors import LogError
from drillsim.log.rows import Log
from drillsim.log.tables import COLUMNS, SCHEMA, Column, Worded, columns, logs_from

if TYPE_CHECKING:
    import pyarrow as pa

KEY = b"drillsim"
LOG_TABLES = ("events", "activities", "patients", "entries")


def write_table(path: Path, parts: Iterable[Mapping[str, Column]], about: Mapping[str, Any]) -> None:
    """Write columns to one Parquet file, a row group for each part; ``about`` goes into the file's metadata under ``drillsim``."""
    import pyarrow.parquet as parquet

    metadata = {KEY: json.dumps(dict(about), ensure_ascii=False, sort_keys=True).encode("utf-8")}
    writer = None
    try:
        for part in parts:
            table = _arrow(part).replace_schema_metadata(metadata)
            writer = writer or parquet.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _arrow(part: Mapping[str, Column]) -> pa.Table:
    import pyarrow as pa

    return pa.table(
        {
            name: pa.DictionaryArray.from_arrays(
                pa.array(column.codes, pa.int32()), pa.array(column.words, pa.string())
            )
            if isinstance(column, Worded)
            else pa.array(column)
            for name, column in part.items()
        }
    )


def read_table(path: Path) -> tuple[dict[str, Column], dict[str, Any]]:
    """The columns of a Parquet file and what it says about itself. Raises LogError when it cannot be read or is not one of ours."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        table = parquet.read_table(path)
        about = json.loads((table.schema.metadata or {})[KEY])
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise LogError("{file} cannot be read as a table of a run", file=path) from error
    found: dict[str, Column] = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks() if table.num_rows else table.column(name)
        if pa.types.is_dictionary(table.schema.field(name).type):
            found[name] = _worded(table.column(name))
        else:
            found[name] = column.to_numpy() if table.num_rows else np.empty(0)
    return found, about


def _worded(column: pa.ChunkedArray) -> Worded:
    whole = column.unify_dictionaries().combine_chunks()
    chunks = whole.chunks if hasattr(whole, "chunks") else [whole]
    if not chunks or not len(column):
        return Worded(np.empty(0, np.int32), ())
    return Worded(chunks[0].indices.to_numpy(), tuple(chunks[0].dictionary.to_pylist()))


def write_logs(folder: Path, logs: Sequence[Log]) -> None:
    """Write the tables of the logs (``events``, ``activities``, ``patients``, ``entries``) into an existing folder."""
    shown = list(logs) or [Log(0, 0.0, 0.0)]
    about = {
        "schema": SCHEMA,
        "began": shown[0].began,
        "horizon": shown[0].horizon,
        "replications": [log.replication for log in logs],
        "names": _names(shown),
    }
    for table in LOG_TABLES:
        described = about | {"table": table, "columns": COLUMNS[table]}
        write_table(folder / f"{table}.parquet", (columns(table, log) for log in shown), described)


def _names(logs: Sequence[Log]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for log in logs:
        for column, words in log.names.items():
            found.setdefault(column, {}).update(dict.fromkeys(words))
    return {column: list(words) for column, words in found.items()}


def read_logs(folder: Path) -> list[Log]:
    """The logs whose tables lie in a folder, as they were written. Raises LogError when one cannot be read."""
    tables, about = {}, dict[str, Any]()
    for table in LOG_TABLES:
        tables[table], about = read_table(folder / f"{table}.parquet")
        if about.get("schema") != SCHEMA:
            raise LogError("{file} was written by another version of drillsim", file=folder / f"{table}.parquet")
    names = {column: tuple(words) for column, words in about["names"].items()}
    return logs_from(tables, about["replications"], about["began"], about["horizon"], names)
