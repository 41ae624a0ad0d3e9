"""What must not be written to a file: secrets found, masked, and proved absent from the bytes."""

from contracts.interactions.redaction.allowance import Allowance, Faults, allowance_of, published
from contracts.interactions.redaction.redact import carried, redacted
from contracts.interactions.redaction.scan import Leak, leaks, leaks_of_log
from contracts.interactions.redaction.text import Cleaner
from contracts.interactions.redaction.tokens import Tokens
from contracts.secret import Known, holds
