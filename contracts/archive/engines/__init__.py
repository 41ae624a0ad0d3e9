"""What carries bytes from `Judge.part` to `Partial.merge`: processes of this machine, shards, a cluster.

Here belongs who judges which part when, what is kept of it, and how far a run is; nothing of what is judged.
"""

from contracts.archive.engines.folder import ArchiveFolder, Entry, combine
from contracts.archive.engines.pool import run_here, run_pool
from contracts.archive.engines.progress import Progress
from contracts.archive.engines.running import judge_parts
from contracts.archive.engines.spark import judge_files, judge_table, spark_session
from contracts.archive.engines.work import Job, Outcome, Work, judge_part
