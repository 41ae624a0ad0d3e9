from __future__ import annotations
class Prover:
    def __init__(self, base, revision, *, verify=False): pass
    def prove(self, judged): return judged
