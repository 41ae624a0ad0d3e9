"""One provider checked from recordings, files or the live API: spec and interactions in, one Report out.

Here belongs what joins the rooms below for a door: options of a run, recordings, live runs. What knows
pytest, the command line or a code host does not.
"""

from contracts.check.provider import CheckOptions, ProviderCheck

__all__ = ["CheckOptions", "ProviderCheck"]
