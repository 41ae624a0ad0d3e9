"""What vendors change without notice, put into valid payloads."""

from contracts.generate.mutations.objects import Outcome
from contracts.generate.mutations.operators import Drifted
