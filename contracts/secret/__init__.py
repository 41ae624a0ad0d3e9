"""What counts as a secret, and how a known one is carried without ever being shown.

Secrets are recognised by the name they stand under (`secret_name`), by shape (`shape_spans`: tokens of known
services, JWT, PEM, signed URLs) and by entropy. Recognition errs on the side of hiding.
"""

from contracts.secret.accused import accusable, accused_shape, stand_in_user, worded
from contracts.secret.entropy import entropic_spans, high_entropy, without_data, without_wrapped
from contracts.secret.known import PIECE, Known, layers, spelled
from contracts.secret.masking import MASK, keyless, mask, without_keys
from contracts.secret.names import identity, may_name, secret_items, secret_members, secret_name
from contracts.secret.packed import MAX_NESTED, PACKED, holds, separate, unpacked
from contracts.secret.shapes import has_run, replace_spans, secret_shape, shape_spans
from contracts.secret.told import held_in, never_show
from contracts.secret.value import Secret
