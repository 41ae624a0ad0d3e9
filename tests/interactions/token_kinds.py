"""Tokens of well-known services, drawn at random, and lines of text that hold no secret."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
import uuid

HEX = "0123456789abcdef"
LOWER = string.ascii_lowercase + string.digits
ALNUM = string.ascii_letters + string.digits
URL = ALNUM + "-_"
B64 = ALNUM + "+/"
UPPER = string.ascii_uppercase + string.digits
DIGITS = string.digits

KINDS: dict[str, tuple[str | tuple[str, int], ...]] = {
    "aws key id": ("AKIA", (UPPER[:26] + "234567", 16)),
    "aws secret": ((B64, 40),),
    "github": ("gh" + "p_", (ALNUM, 36)),
    "github fine": ("github" + "_pat_", (ALNUM, 22), "_", (ALNUM, 59)),
    "github app": ("gh" + "s_", (ALNUM, 36)),
    "gitlab": ("gl" + "pat-", (URL, 20)),
    "gitlab deploy": ("gl" + "dt-", (URL, 20)),
    "gitlab runner": ("gl" + "rt-", (URL, 20)),
    "slack bot": ("xo" + "xb-", (DIGITS, 12), "-", (DIGITS, 12), "-", (ALNUM, 24)),
    "slack user": ("xo" + "xp-", (DIGITS, 12), "-", (DIGITS, 12), "-", (DIGITS, 12), "-", (HEX, 32)),
    "slack hook": ("https://hooks.slack.com/services/T", (UPPER, 8), "/B", (UPPER, 8), "/", (ALNUM, 24)),
    "stripe": ("sk" + "_live_", (ALNUM, 24)),
    "stripe restricted": ("rk" + "_live_", (ALNUM, 24)),
    "stripe hook": ("wh" + "sec_", (ALNUM, 32)),
    "twilio": ("S" + "K", (HEX, 32)),
    "twilio account": ("A" + "C", (HEX, 32)),
    "sendgrid": ("S" + "G.", (URL, 22), ".", (URL, 43)),
    "mailgun": ("ke" + "y-", (HEX, 32)),
    "mailchimp": ((HEX, 32), "-us", (DIGITS, 2)),
    "digitalocean": ("dop" + "_v1_", (HEX, 64)),
    "digitalocean oauth": ("doo" + "_v1_", (HEX, 64)),
    "shopify": ("shp" + "at_", (HEX, 32)),
    "shopify secret": ("shp" + "ss_", (HEX, 32)),
    "databricks": ("da" + "pi", (HEX, 32)),
    "airtable": ("pa" + "t", (ALNUM, 14), ".", (HEX, 64)),
    "npm": ("np" + "m_", (ALNUM, 36)),
    "pypi": ("pypi-AgEIcHlwaS5vcmc", (URL, 60)),
    "rubygems": ("ruby" + "gems_", (HEX, 48)),
    "openai": ("sk-", (ALNUM, 20), "T3BlbkFJ", (ALNUM, 20)),
    "openai project": ("sk-proj-", (URL, 74), "T3BlbkFJ", (URL, 74)),
    "anthropic": ("sk-ant" + "-api03-", (URL, 93), "AA"),
    "hugging face": ("h" + "f_", (string.ascii_letters, 34)),
    "google": ("AI" + "za", (URL, 35)),
    "google oauth": ("GOC" + "SPX-", (URL, 28)),
    "google access": ("ya" + "29.", (URL, 68)),
    "azure ad": ((ALNUM, 3), "8Q~", (ALNUM + "_~.-", 34)),
    "azure storage": ((B64, 86), "=="),
    "telegram": ((DIGITS, 9), ":AA", (URL, 33)),
    "discord": ("M", (ALNUM, 23), ".", (ALNUM, 6), ".", (URL, 27)),
    "linear": ("lin" + "_api_", (ALNUM, 40)),
    "notion": ("nt" + "n_", (DIGITS, 11), (ALNUM, 35)),
    "figma": ("fi" + "gd_", (URL, 40)),
    "postman": ("PM" + "AK-", (HEX, 24), "-", (HEX, 34)),
    "pulumi": ("pu" + "l-", (HEX, 40)),
    "doppler": ("dp" + ".pt.", (LOWER, 43)),
    "dynatrace": ("dt0" + "c01.", (UPPER, 24), ".", (UPPER, 64)),
    "new relic": ("NR" + "AK-", (UPPER, 27)),
    "grafana": ("gl" + "sa_", (ALNUM, 32), "_", (HEX, 8)),
    "terraform": ((ALNUM, 14), ".atlasv1.", (URL, 64)),
    "vault": ("hv" + "s.", (URL, 95)),
    "sentry": ("sn" + "tryu_", (HEX, 64)),
    "square": ("sq0" + "atp-", (URL, 22)),
    "facebook": ("EAA" + "C", (ALNUM, 120)),
    "twitter": ("A" * 22, (ALNUM, 90)),
    "dropbox": ("sl" + ".", (URL, 135)),
    "docker": ("dckr" + "_pat_", (URL, 27)),
    "planetscale": ("pscale" + "_tkn_", (URL, 40)),
    "jwt": ("eyJ" + "hbGciOiJIUzI1NiJ9.eyJ", (URL, 60), ".", (URL, 43)),
    "bare hex": ((HEX, 40),),
    "llamacloud": ("ll" + "x-", (ALNUM, 48)),
    "mapbox": ("pk" + ".", (LOWER, 60), ".", (LOWER, 22)),
    "perplexity": ("pp" + "lx-", (ALNUM, 48)),
}
SENTENCES = (
    "{}",
    "the token {} expired",
    "Invalid credentials: {}",
    "https://api.example.com/v1/x?next={}",
    'export VALUE="{}"',
    "used {}, which is refused.",
)
WORDS = (
    "the batch was accepted and waits for a worker", "monthly-reports-processing-2026",
    "ClassifyV2JobQueryResponse", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "/data/customers/2026-01/reports/final_version_2.pdf", "key field_name_12", "the token limit is 128000",
    "gpt-4o-mini-2024-07-18", "claude-3-5-sonnet-20241022", "eu-central-1.compute.internal", "error_code_4012",
    "max_tokens=4096 temperature=0.2", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "p-95-latency-in-ms",
)  # fmt: skip
HASHES = (
    "sha256",
    "md5",
    "etag",
    "checksum",
    "content_hash",
    "commit",
    "fileDigest",
    "request_id",
    "traceId",
)


def token(rng: random.Random, kind: str) -> str:
    parts = KINDS[kind]
    return "".join(p if isinstance(p, str) else "".join(rng.choice(p[0]) for _ in range(p[1])) for p in parts)


def harmless(rng: random.Random) -> dict[str, object]:
    """Give a member of JSON that holds no secret."""
    kind = rng.randrange(6)
    if kind == 0:
        made = uuid.UUID(int=rng.getrandbits(128), version=4)
        return {rng.choice(("id", "note", "job", "parent")): rng.choice((str(made), f"job {made} ended"))}
    if kind == 1:
        digest = hashlib.new(rng.choice(("sha256", "md5", "sha1")), rng.randbytes(8)).hexdigest()
        return {rng.choice(HASHES): digest}
    if kind == 2:
        head = rng.choice((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"GIF89a", b"%PDF-1.7\n"))
        data = base64.b64encode(head + rng.randbytes(rng.randint(60, 900))).decode()
        return {"thumbnail": rng.choice((data, f"data:image/png;base64,{data}"))}
    if kind == 3:
        return {"note": rng.choice(WORDS)}
    if kind == 4:
        day = f"20{rng.randint(10, 40)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        return {"at": rng.choice((day, f"{day}T09:00:{rng.randint(0, 59):02d}.123456Z"))}
    return {
        "batch_id": f"batch_{''.join(rng.choice(ALNUM) for _ in range(24))}",
        "count": rng.getrandbits(40),
    }


def line(rng: random.Random) -> bytes:
    return json.dumps(harmless(rng)).encode()
