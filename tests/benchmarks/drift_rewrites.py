"""Random rewrites of vendored documents that keep their meaning: not one finding is allowed.

python tests/benchmarks/drift_rewrites.py [how many per document] [documents…]
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "drift"))
from rewrites import rewritten

from contracts.drift import drift
from contracts.spec.document import Document, read_document
from contracts.spec.provider import bundled


def main():
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    found = sorted(bundled().glob("*/upstream/openapi.*")) + sorted(bundled().glob("*/openapi.yaml"))
    for path in [Path(name) for name in sys.argv[2:]] or found:
        document = read_document(path.name, path.read_bytes(), lines=False).value
        started, bad = time.monotonic(), 0
        for seed in range(many):
            findings = drift(Document("old", document, {}), Document("new", rewritten(document, seed), {}))
            bad += bool(findings)
            for one in findings[:2]:
                print(path.name, seed, one.rule, one.operation, one.status, one.pointer, one.message)
        print(
            f"{path.parent.name}/{path.name}: {bad} of {many} with findings, {time.monotonic() - started:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
