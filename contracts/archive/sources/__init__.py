"""Where an archive is and what its parts hold: arguments to parts, and a part to its rows.

Here belongs what finds and opens parts; how a format is read is the matter of `interactions.formats`.
"""

from contracts.archive.sources.parts import Part, in_shard, part_named, parts_of
from contracts.archive.sources.preview import previewed, refuse_unmet, without_bodies
from contracts.archive.sources.reading import rows_of
