"""Manifests, specs and operations: what a vendor published, and where it says so."""

from contracts.spec.manifest import Manifest
from contracts.spec.openapi import Operation, Parameter, ResponseSpec, Spec
from contracts.spec.provider import Provider, load, names

__all__ = ["Manifest", "Operation", "Parameter", "Provider", "ResponseSpec", "Spec", "load", "names"]
