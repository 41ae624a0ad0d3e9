"""Points that payloads should show, and the few payloads that show them all."""

from contracts.generate.coverage.covering import LIMIT, Covering, Payload, copied, cover
