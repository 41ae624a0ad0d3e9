"""Manifests, specs and operations: what a vendor published, and where it says so."""
