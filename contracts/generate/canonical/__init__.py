"""A schema as alternatives of typed constraints, and the values that are built from them.

Here belongs what turns keywords into domains. What combines places is in `places`.
"""

from contracts.generate.canonical.alternatives import WORDLESS
from contracts.generate.canonical.builder import (
    Builder,
    Place,
    Policy,
    Stuck,
    named_values,
    nothing,
    samples,
)
from contracts.generate.canonical.constraints import SchemaRef
from contracts.generate.canonical.oracle import Fault, Oracle, oracle_of, subject_of
from contracts.generate.canonical.plan import Plan
