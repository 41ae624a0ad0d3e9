"""The adapter that puts our generator side by side with others in a measuring script.

    python tests/benchmarks/generation.py MEASURE.py [--stock-formats] --suite DIR --seeds --out result.json

runs the script with this adapter and, unless `--stock-formats` is given, with our format policy in place of
jsonschema's, which refuses leap seconds and the year 0000.
"""

import importlib.util
import sys
from pathlib import Path

from hypothesis import strategies as st

from contracts import generate
from contracts.errors import GenerationError
from contracts.schema.formats import FORMATS


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

    def covering_negative(self, schema):
        return [miss.value for miss in generate.near_misses(schema)]


class Ours64(Ours):
    name = "pytest-contracts, 64 payloads"

    def covering(self, schema):
        return [payload.value for payload in generate.covering(schema, limit=64)]


def our_formats():
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    checker.checkers = {name: (_fits(known), ()) for name, known in FORMATS.items()}
    return checker


def _fits(known):
    return lambda value: not isinstance(value, str) or known(value)


def main():
    script, *arguments = sys.argv[1:]
    spec = importlib.util.spec_from_file_location("measure", script)
    measure = importlib.util.module_from_spec(spec)
    sys.modules["measure"] = measure
    spec.loader.exec_module(measure)
    if "--stock-formats" in arguments:
        arguments.remove("--stock-formats")
    else:
        measure.FORMATS = our_formats()
    sys.argv = [
        script,
        "--adapter",
        f"{Path(__file__)}:Ours",
        "--adapter",
        f"{Path(__file__)}:Ours64",
        *arguments,
    ]
    measure.main()


if __name__ == "__main__":
    main()
