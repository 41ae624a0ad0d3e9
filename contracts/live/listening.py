"""Waiting for a server that starts: until its port takes a connection, no request being sent."""

from __future__ import annotations

import socket
import time
from typing import Final

from contracts.address import read_address

_PORTS: Final = {"https": 443, "http": 80}
_PAUSE: Final = 0.1


def await_server(url: str, seconds: float) -> bool:
    """Wait until the host of a URL takes a connection, some seconds at most; gives whether it did."""
    address = read_address(url)
    place = (address.host.strip("[]"), address.port or _PORTS.get(address.scheme, 80))
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            with socket.create_connection(place, timeout=min(left, 5.0)):
                return True
        except OSError:
            time.sleep(min(_PAUSE, max(end - time.monotonic(), 0)))
    return False
