"""The readers of Mintlify pages: with an embedded OpenAPI document, rendered, and of the older form."""
