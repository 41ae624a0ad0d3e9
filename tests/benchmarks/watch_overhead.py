"""What a watched client costs its caller: time of a call, memory, and the longest wait of an event loop.

`python -m tests.benchmarks.watch_overhead`: a plain and a watched client take turns in one run, on loopback, against a
server in another process; medians. Then 10,000 watched calls for memory, and a body of 5 MB for the event loop.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import httpx
import httpx2
import requests

import contracts
from contracts import traffic
from contracts.traffic import watching

ROOT = Path(__file__).parents[2]
SERVER = """
import asyncio, json, sys
batch = json.loads(open(sys.argv[1]).read())["response"]["json"]
bodies = {}
for size in (1, 16, 64, 5000):
    key = next(name for name, value in batch.items() if isinstance(value, list) and value)
    one, value = batch[key][0], {**batch, key: []}
    value[key] = [one] * max(1, size * 1000 // (len(json.dumps(one)) + 2))
    bodies[str(size)] = json.dumps(value).encode()
async def serve(reader, writer):
    while True:
        try: head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode("latin-1")
        except asyncio.IncompleteReadError: break
        low = head.lower()
        size = low.partition("x-size: ")[2].split("\\r")[0] or "1"
        body = bodies[size]
        writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: %d\\r\\n\\r\\n" % len(body) + body)
        await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def memory() -> float:
    """Give the resident memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def turns(plain, watched, count: int) -> tuple[float, float]:
    """Give the median seconds of two calls that take turns."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(count):
        for call, times in zip((plain, watched), found, strict=True):
            begun = time.perf_counter()
            call()
            times.append(time.perf_counter() - begun)
    return statistics.median(found[0]), statistics.median(found[1])


def sync_calls(kind, url: str, count: int):
    plain, own = kind(), contracts.watch(kind(), "matil", root=ROOT)
    for size in ("1", "1", "16", "64"):
        sent = {"x-size": size}
        yield size, turns(lambda: plain.get(url, headers=sent), lambda: own.get(url, headers=sent), count)  # noqa: B023
        traffic.flush()


async def async_calls(url: str, count: int):
    async with aiohttp.ClientSession() as plain, aiohttp.ClientSession() as made:
        own = contracts.watch(made, "matil", root=ROOT)
        for size in ("1", "1", "16", "64"):
            found: dict[object, list[float]] = {plain: [], own: []}
            for _ in range(count):
                for client in (plain, own):
                    begun = time.perf_counter()
                    async with client.get(url, headers={"x-size": size}) as response:
                        await response.read()
                    found[client].append(time.perf_counter() - begun)
            yield size, tuple(statistics.median(times) for times in found.values())
            traffic.flush()


def said(name: str, size: str, pair: tuple[float, float]) -> None:
    plain, own = (one * 1e6 for one in pair)
    print(f"{name:<10} {size:>3} KB  plain {plain:7.0f} µs  watched {own:7.0f} µs  more {own - plain:6.0f} µs  {own / plain - 1:6.1%}")  # fmt: skip


async def blocked(url: str, *, watch: bool) -> float:
    """Give the longest time in ms that this process held up the loop while bodies of 5 MB came and were judged.

    Counted is the processor time of all its threads between two turns of the loop, so that other processes of a busy
    machine do not count.
    """
    longest, ends = 0.0, False

    async def tick() -> None:
        nonlocal longest
        while not ends:
            begun = time.process_time()
            await asyncio.sleep(0)
            longest = max(longest, time.process_time() - begun)

    async with aiohttp.ClientSession() as made:
        client = contracts.watch(made, "matil", root=ROOT) if watch else made
        ticker = asyncio.create_task(tick())
        for _ in range(5):
            async with client.get(url, headers={"x-size": "5000"}) as response:
                async for _ in response.content.iter_any():
                    pass
            await asyncio.sleep(0.5)
        ends = True
        await ticker
    return longest * 1000


def main() -> None:
    logging.disable()
    kept = next((ROOT / "specs/matil/cassettes/getBatch").glob("200-*.json"))
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(kept)], stdout=subprocess.PIPE, text=True)
    url = (
        f"http://127.0.0.1:{server.stdout.readline().strip()}/v3/batches/10000000-0000-4000-8000-000000000001"
    )
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    try:
        for name, kind in (
            ("httpx", httpx.Client),
            ("httpx2", httpx2.Client),
            ("requests", requests.Session),
        ):
            for size, pair in sync_calls(kind, url, count):
                said(name, size, pair)

        async def run() -> None:
            async for size, pair in async_calls(url, count):
                said("aiohttp", size, pair)

        asyncio.run(run())
        print(dict(traffic.totals()))
        client = contracts.watch(httpx.Client(), "matil", root=ROOT)
        gc.collect()
        before, begun = memory(), time.perf_counter()
        for _ in range(10_000):
            client.get(url)
        traffic.flush()
        gc.collect()
        print(
            f"10,000 calls in {time.perf_counter() - begun:.0f} s: {memory() - before:+.1f} MB; {dict(traffic.totals())}"
        )
        for watch in (False, True):
            print(
                f"longest hold of the event loop, watched={watch}: {asyncio.run(blocked(url, watch=watch)):.1f} ms"
            )
        traffic.flush()
        print(dict(traffic.totals()))
    finally:
        watching._close()
        server.terminate()


if __name__ == "__main__":
    main()
