"""The places of a payload: what can stand there, what it means by its name, how places depend on each other.

Here belongs the model of one schema's payloads. What chooses payloads from it is in `coverage`.
"""

from contracts.generate.places import meaning, roles
from contracts.generate.places.counts import count_relations
from contracts.generate.places.edits import (
    From,
    Matching,
    Others,
    Step,
    Steps,
    places,
    trimmed,
)
from contracts.generate.places.factors import (
    ABSENT,
    Factor,
    Level,
    Model,
    Node,
    classes,
    level_of,
    model_of,
    one_domain,
)
from contracts.generate.places.roles import Progress, Role, stand
