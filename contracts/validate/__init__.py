"""Judging responses by a spec: strict decode, five checks, two engines, unions descended, faults grouped."""

from contracts.validate.checker import Checker
from contracts.validate.engines import SchemaFault, compile_schema

__all__ = ["Checker", "SchemaFault", "compile_schema"]
