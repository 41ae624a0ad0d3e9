"""A stub of every vendor: pure and in memory, behind two thin adapters."""

from contracts.stub.app import describe, make_app
from contracts.stub.bent import DRIFTS, Chaos, Drift, read_chaos, read_drift
from contracts.stub.calls import Delivery
from contracts.stub.mock import vendor_fixture
from contracts.stub.vendor import Reply, Vendor, seed_ids
