"""A stub of every vendor: pure and in memory, behind two thin adapters."""

from contracts.stub.bent import Chaos, Drift, read_chaos, read_drift
from contracts.stub.vendor import Reply, Vendor, error_id, seed_ids

__all__ = ["Chaos", "Drift", "Reply", "Vendor", "error_id", "read_chaos", "read_drift", "seed_ids"]
