"""The adapter that puts our generator side by side with others in a measuring script.

The script calls `strategy`, `covering` and `covering_negative` with a bare schema; see `generation_report.py`.
"""

from contracts import generate
from contracts.errors import GenerationError
from hypothesis import strategies as st


class Ours:
    name = "pytest-contracts"

    def strategy(self, schema):
        try:
            return generate.payloads(schema)
        except GenerationError as error:
            if "no JSON value satisfies" in str(error):
                return st.nothing()
            raise

    def covering(self, schema):
        return [payload.value for payload in generate.covering(schema)]
