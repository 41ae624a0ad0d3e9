"""The pytest plugin; inert unless a provider is chosen."""
