"""The short way of judging rows: what compiled libraries decide alone, as the long way would say it.

A row that it takes is counted exactly as the long way counts it; what it cannot prove it leaves to that.
"""

from contracts.archive.short.way import ShortWay
