"""How both sides show who they are: keys that requests carry, and signatures that deliveries carry."""

from contracts.auth.carriers import (
    PLACES,
    SCHEMES,
    WRONG_KEY,
    Carrier,
    Named,
    Sent,
    attach,
    demanded,
    find_keys,
    pictured,
    refusal,
    secrets_of,
)
from contracts.auth.signature import SIGNATURES, TOLERANCE, Signature, Wrong, sign, verify
