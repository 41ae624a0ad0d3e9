"""The vendor's documents of today: fetched, compared with the vendored ones, and taken over.

The only part of drift that reads the network or writes a vendor's folder.
"""

from contracts.drift.upstream.compare import Compared, against, choose
from contracts.drift.upstream.update import update_upstream
