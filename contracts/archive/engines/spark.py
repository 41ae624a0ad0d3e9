"""Archives on a Spark cluster, through the DataFrame API alone: what Spark Connect and serverless allow.

Spark reads the parts with the cluster's own credentials and gives bytes or rows to the functions here, which
call what every engine calls; results come back as bytes into the same folder. This module alone knows Spark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from contracts.archive.engines.folder import ArchiveFolder
from contracts.archive.engines.work import Job, Outcome, judge_part, judge_rows
from contracts.archive.rows import Row
from contracts.archive.sources import Part
from contracts.errors import CassetteError, ConfigError
from contracts.interactions import read_row, table_of

_SCHEMA: Final = "name string, size long, version string, data binary, cpu double, reason string"
_BATCH: Final = "spark.sql.execution.arrow.maxRecordsPerBatch"
_ROWS: Final = "1000"
_ALIASES: Final = (("file://", ""), ("file:", ""), ("s3a://", "s3://"), ("s3n://", "s3://"))
"""How Spark writes what other engines name otherwise: a part has one name, whoever judges it."""


def spark_session() -> Any:
    """Give this process's session, made where there is none; ConfigError where Spark is not installed."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise ConfigError("Spark is not installed here; pip install 'pytest-contracts[spark]'") from None
    return SparkSession.builder.appName("contracts archive").getOrCreate()


def judge_files(spark: Any, sources: list[str], job: Job, folder: ArchiveFolder) -> None:
    """Judge files and objects that Spark can list, into a folder; what the folder has is not judged again.

    A folder as a source is read with all below it.
    """
    files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(sources)
    listed = files.select("path", "length", "modificationTime").collect()
    places = {_named(row["path"]): row["path"] for row in listed}
    parts = [Part(_named(r["path"]), b"", r["length"], _version(r["modificationTime"])) for r in listed]
    todo = [places[part.name] for part in folder.plan(parts)]
    folder.write()
    if todo:
        chosen = files.where(files["path"].isin(todo)).select("path", "length", "modificationTime", "content")
        _collect(spark, chosen, partial(_judge_contents, job), folder, "1")


def judge_table(spark: Any, table: Any, name: str, job: Job, folder: ArchiveFolder) -> None:
    """Judge a table, one row an answer, such as one of Iceberg or Delta; facts are columns, as for Parquet.

    Each of the table's partitions is a part, `NAME#NUMBER`; its rows are numbered in their order. A table is
    judged anew each time.
    """
    _collect(spark, table, partial(_judge_records, job, name), folder, _ROWS)


def _collect(spark: Any, frame: Any, judge: Callable[..., Any], folder: ArchiveFolder, batch: str) -> None:
    before = spark.conf.get(_BATCH)
    spark.conf.set(_BATCH, batch)
    try:
        for row in frame.mapInArrow(judge, _SCHEMA).toLocalIterator():
            part = Part(row["name"], b"", row["size"], row["version"])
            folder.keep(Outcome(part, bytes(row["data"]), row["cpu"], row["reason"]))
    finally:
        spark.conf.set(_BATCH, before)
        folder.write()


def _judge_contents(job: Job, batches: Iterator[Any]) -> Iterator[Any]:
    """Judge whole files, on an executor."""
    for batch in batches:
        for row in batch.to_pylist():
            version = _version(row["modificationTime"])
            part = Part(_named(row["path"]), row["content"], row["length"], version)
            yield _told(judge_part(job, part))


def _judge_records(job: Job, name: str, batches: Iterator[Any]) -> Iterator[Any]:
    """Judge the rows of one partition, on an executor."""
    from pyspark import TaskContext

    context = TaskContext.get()
    part = Part(f"{name}#{context.partitionId() if context else 0}", b"")
    yield _told(judge_rows(job, part, _rows(job, part.name, batches)))


def _rows(job: Job, name: str, batches: Iterator[Any]) -> Iterator[Row]:
    table, number = table_of(job.fields), 0
    for batch in batches:
        for value in batch.to_pylist():
            number += 1
            try:
                yield Row(number, interaction=read_row(value, table, name, number))
            except CassetteError as problem:
                yield Row(number, problem=problem)


def _told(found: Outcome) -> Any:
    import pyarrow as pa

    part = found.part
    columns = {"name": part.name, "size": part.size, "version": part.version}
    columns |= {"data": found.data, "cpu": found.cpu, "reason": found.reason}
    types = [pa.string(), pa.int64(), pa.string(), pa.binary(), pa.float64(), pa.string()]
    schema = pa.schema(list(zip(columns, types, strict=True)))
    return pa.RecordBatch.from_pylist([columns], schema=schema)


def _named(path: str) -> str:
    for spelled, meant in _ALIASES:
        if path.startswith(spelled):
            return meant + path.removeprefix(spelled)
    return path


def _version(moment: Any) -> str:
    return str(int(moment.timestamp() * 1000))
