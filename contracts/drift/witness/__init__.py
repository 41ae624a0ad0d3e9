"""The smallest payload that one side of a change allows and the other forbids, found and proved."""

from contracts.drift.witness.prover import Prover
