"""Feed one harness with inputs that reach new lines of the project: `python -m tests.fuzz.guided HARNESS SECONDS`.

It needs atheris, which is installed by hand, since it builds on few platforms. It ends with a non-zero status at
the first input that fails, and prints how many inputs it took.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["contracts"]):
    from tests.fuzz import test_fuzz


def main(harness: str, seconds: str) -> None:
    feed = getattr(test_fuzz, f"test_{harness}").hypothesis.fuzz_one_input
    atheris.Setup(
        [harness, f"-max_total_time={seconds}", "-max_len=4096", "-timeout=20", "-rss_limit_mb=4096"], feed
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
