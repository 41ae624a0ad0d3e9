"""Payloads with one fault each: where a fault can be put, how, and the proof that it is the only one."""

from contracts.generate.invalid.near_misses import Misses, NearMiss, near_misses_of
from contracts.generate.invalid.pairs import TwoFaults
