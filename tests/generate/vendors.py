"""The response schemas of five vendors' batches, as small as they can be told."""

import json
from functools import cache
from pathlib import Path

from contracts import generate

NAMES = ("almanac", "llamacloud", "matil", "nimble", "wickson")


@cache
def schema(name):
    return json.loads((Path(__file__).parent / "schemas" / f"{name}.json").read_text())


@cache
def plan(name):
    return generate.plan(schema(name))


@cache
def near_misses(name):
    return generate.near_misses(plan(name))
