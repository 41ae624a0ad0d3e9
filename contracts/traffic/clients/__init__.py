"""The clients that can be watched, one module a library: each looks at what comes back from the original.

Here belongs what knows how a library hands out answers and streams; nothing here imports one that the
program does not use.
"""

from contracts.traffic.clients.attaching import attach, attach_everywhere
