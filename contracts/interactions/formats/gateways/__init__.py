"""Records of gateways, proxies and tracers that are no flat entries of a log, rewritten into such.

Here belongs one module for each that spreads an answer over a structure or over several records. What is flat
needs no code: its names stand in the table of `jsonl`.
"""

from contracts.interactions.formats.gateways.records import (
    is_record,
    is_steps_text,
    read_records,
    read_steps,
    rewritten,
)
