"""A vendor in memory: request in, answer out, no socket, no clock of its own, no vendor involved.

Every answer conforms to the vendor's spec, unless chaos, drift or an undocumented status was asked
for.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qs

from contracts.address import read_address
from contracts.auth import WRONG_KEY
from contracts.batch import BatchState
from contracts.decode import decode
from contracts.errors import ConfigError, UnknownName
from contracts.interactions import example_url
from contracts.live import identifier
from contracts.model import Json, Request, Response
from contracts.spec import Operation, Provider
from contracts.stub.bent import Chaos, Drift, bend
from contracts.stub.bodies import Bodies, unread
from contracts.stub.calls import Caller, Delivery
from contracts.stub.life import ENDS, Life
from contracts.stub.pages import PAGES, Page, Scene
from contracts.stub.states import worded

ERROR_ID: Final = re.compile(r"00000000-0000-4000-8000-000000000([1-5]\d\d)\Z")
_NONE: Final = Page({}, {})
_SEEDS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("living", {}),
    ("pending", {"pinned": BatchState.PENDING}),
    ("running", {"pinned": BatchState.RUNNING}),
    ("completed", {"pinned": BatchState.COMPLETED}),
    ("partial", {"pinned": BatchState.COMPLETED, "failing": 1}),
    ("failed", {"pinned": BatchState.FAILED}),
    ("cancelled", {"pinned": BatchState.CANCELLED}),
    ("large", {"pinned": BatchState.COMPLETED, "items": 100, "failing": 7}),
    ("empty", {"pinned": BatchState.COMPLETED, "items": 0}),
)


def seed_ids() -> dict[str, str]:
    """Give the batches that every stub vendor knows from the start: situation to id."""
    return {name: f"10000000-0000-4000-8000-{n:012d}" for n, (name, _) in enumerate(_SEEDS, 1)}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, with the seconds to stall before it and the bytes after which to cut it off."""

    response: Response
    stall: float = 0.0
    cut: int | None = None


@dataclass(slots=True, kw_only=True)
class Vendor:
    """One vendor and its state.

    `keys` are those accepted (when empty, any but the probe's wrong one); `steps` and `seconds` are the
    length of a batch's life, `chaos` and `drifts` trouble on purpose; `now` is the clock, `seed` makes chaos
    repeatable.
    """

    provider: Provider
    keys: tuple[str, ...] = ()
    steps: int = 3
    seconds: float = 0.0
    chaos: Chaos = field(default_factory=Chaos)
    drifts: tuple[Drift, ...] = ()
    seed: int = 0
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    lives: dict[str, Life] = field(default_factory=dict)
    queued: list[int] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    told: dict[str, BatchState] = field(default_factory=dict)
    _bodies: Bodies = field(init=False)
    calls: Caller = field(init=False)
    _random: random.Random = field(init=False)
    base: str = field(init=False)
    serve: Callable[[], str] | None = None

    def __post_init__(self) -> None:
        self._bodies = Bodies(self.provider.spec)
        self._random = random.Random(self.seed)  # noqa: S311 -- chaos, not cryptography
        self.base = next(iter(self.provider.manifest.servers), "https://vendor.example")
        for name, ident in seed_ids().items():
            more = dict(_SEEDS)[name]
            self.lives[ident] = Life(
                id=ident, steps=self.steps, seconds=self.seconds, created=self._start(), **more
            )
        self.calls = Caller(self.provider, self._bodies, self.drifts, os.environ)
        self.told = {ident: life.state(self.now()) for ident, life in self.lives.items()}

    @property
    def url(self) -> str:
        """The address of this stand-in on this machine, for any client; only within the fixture."""
        if self.serve is None:
            raise ConfigError(
                "a stand-in has an address in the fixture vendor only; elsewhere: contracts serve"
            )
        return self.serve()

    def _start(self) -> datetime:
        """Give when a batch began: long enough ago that its end is not in the future."""
        moment = self.now().astimezone(UTC).replace(microsecond=0)
        return moment if self.seconds > 0 else moment - timedelta(hours=2)

    def batch(
        self, ident: str = "", *, state: str = "", items: int = 4, failing: int = 0, ending: str = "completed"
    ) -> str:
        """Add a batch and give its id; `state` pins it, else polls or time lead it to its `ending`."""
        ident = ident or f"40000000-0000-4000-8000-{len(self.lives) + 1:012d}"
        for word in filter(None, (state, ending)):
            self._refuse_unsaid(_state(word))
        self.lives[ident] = Life(
            id=ident, items=items, failing=failing, ending=_state(ending), pinned=_state(state) if state else
            None, steps=self.steps, seconds=self.seconds, created=self._start(),
        )  # fmt: skip
        return ident

    def step(self, ident: str, count: int = 1) -> None:
        """Move a batch on by polls, as if it had been asked for that often."""
        self.lives[ident] = replace(self._known(ident), polls=self._known(ident).polls + count, pinned=None)

    def end(self, ident: str, state: str = "completed", *, failing: int = 0) -> None:
        """End a batch now, completed, failed or cancelled."""
        if _state(state) not in ENDS:
            raise UnknownName("end", state, [s.value for s in ENDS])
        self._refuse_unsaid(_state(state))
        self.lives[ident] = replace(self._known(ident), pinned=_state(state), failing=failing)

    def _refuse_unsaid(self, state: BatchState) -> None:
        """Refuse a state for which the spec of the user's own vendor has no word."""
        for operation in self.provider.spec.operations if self.provider.id not in PAGES else ():
            at = self._bodies.schema(operation, 200)[1]
            if at is None or not identifier(operation):
                continue
            fits = partial(self._bodies.fits, at)
            if any(worded(one, state, fits) is None for one in self._bodies.samples(at)[:1]):
                raise ConfigError(f"the spec of {self.provider.id} has no word for the state {state.value}")

    def due(self) -> tuple[Delivery, ...]:
        """Give the deliveries since it was asked last: of batches that are new, or changed their state."""
        now = self.now()
        states = {ident: life.state(now) for ident, life in self.lives.items()}
        changed = [ident for ident, state in states.items() if self.told.get(ident) is not state]
        self.told = states
        return tuple(
            self.calls.delivery(one, self.lives[ident], now)
            for ident in changed
            for one in self.calls.telling(states[ident])
        )

    def delivery(self, event: str, ident: str = "") -> Delivery:
        """Give one signed delivery to a webhook, about a batch: what a test posts to its receiver."""
        life = self._known(ident or seed_ids()["completed"])
        return self.calls.delivery(self.calls.named(event), life, self.now())

    def answer(self, status: int, times: int = 1) -> None:
        """Answer the next requests with a status, whatever they ask for."""
        self.queued.extend([status] * times)

    def _known(self, ident: str) -> Life:
        if ident not in self.lives:
            raise UnknownName("batch", ident, sorted(self.lives))
        return self.lives[ident]

    def handle(self, request: Request) -> Reply:
        """Answer one request and move the state on."""
        self.requests.append(request)
        fault = self.chaos.pick(self._random.random()) if self.chaos.shares else ""
        if fault == "html":
            page = b"<!doctype html><title>502</title><h1>Bad gateway</h1>"
            return Reply(Response(502, (("Content-Type", "text/html"),), page))
        response = self._answered(request, int(fault) if fault.isdigit() else 0)
        if fault == "truncate":
            return Reply(response, cut=len(response.body) // 2)
        return Reply(response, stall=3600.0 if fault == "stall" else 0.0)

    def _answered(self, request: Request, forced: int) -> Response:
        found = self.provider.spec.find(request.method, request.url)
        if found is None:
            return _json(404, {"detail": "Not Found"})
        operation, params = found
        if self.queued:
            forced = self.queued.pop(0)
        if forced:
            return self._error(operation, forced, "answered on purpose")
        if not self._authorised(operation, request):
            return self._error(
                operation, self._documented(operation, 401, 403), "the credential is missing or wrong"
            )
        if why := unread(operation):
            return _json(501, {"detail": f"the description of this answer could not be used: {why}"})
        return self._operated(operation, params, request)

    def _authorised(self, operation: Operation, request: Request) -> bool:
        """Whether a request carries every key of its operation, as the manifest says how."""
        sent = [one.received(request.url, request.headers) for one in operation.entry.auth]
        wrong = {"", WRONG_KEY.reveal(), f"{WRONG_KEY.reveal()}:"}
        return all(key in self.keys if self.keys else key not in wrong for key in sent)

    def _documented(self, operation: Operation, *wanted: int) -> int:
        """Give the first status that the spec knows, else the first."""
        return next((s for s in wanted if operation.response(s)), wanted[0])

    def _operated(self, operation: Operation, params: Mapping[str, str], request: Request) -> Response:
        query = {
            k: tuple(v) for k, v in parse_qs(read_address(request.url).query, keep_blank_values=True).items()
        }
        page = PAGES.get(self.provider.id, _NONE)
        if not all(self._valid(operation, name, value) for name, value in params.items()):
            return self._error(
                operation, self._documented(operation, 422, 400, 404), "a parameter is not valid"
            )
        if operation.alias in page.listers:
            return self._listed(operation, page, query)
        if operation.method == "GET" and not identifier(operation):
            return self._sent(operation, 200, self._collected(operation))
        if operation.method == "POST" or operation.alias in page.creates:
            return self._created(operation, page, params, query, request)
        ident = params.get(identifier(operation), "")
        if status := ERROR_ID.match(ident):
            return self._error(operation, int(status[1]), "answered on purpose")
        life = self.lives.get(ident)
        if life is None:
            return self._error(
                operation, self._documented(operation, 404, 422, 400), "there is no such batch"
            )
        self.lives[ident] = replace(life, polls=life.polls + 1)
        return self._written(operation, page, replace(life, params=params), query, 200)

    def _valid(self, operation: Operation, name: str, value: str) -> bool:
        schema = next(
            (p.schema for p in operation.parameters if p.name == name and p.location == "path"), None
        )
        return schema is None or self._bodies.fits(schema, value)

    def _created(
        self,
        operation: Operation,
        page: Page,
        params: Mapping[str, str],
        query: Mapping[str, tuple[str, ...]],
        request: Request,
    ) -> Response:
        decoded = decode(request.body)
        at = operation.body.get("application/json")
        if at is not None and not (decoded.usable and self._bodies.fits(at, decoded.value)):
            return self._error(operation, self._documented(operation, 422, 400), "the body is not valid")
        ident = self.batch(items=page.counted(decoded.value))
        life = replace(self.lives[ident], body=decoded.value)
        self.lives[ident] = life
        status = next((int(s) for s in operation.responses if s.startswith("2") and s.isdigit()), 200)
        return self._written(operation, page, replace(life, params=params), query, status)

    def _listed(self, operation: Operation, page: Page, query: Mapping[str, tuple[str, ...]]) -> Response:
        lives = [self.lives[key] for key in sorted(self.lives)]
        size, start = _number(query, page.sizing, 100), _number(query, page.paging, 0)
        chosen = lives[start : start + size] if size else []
        token = str(start + size) if size and start + size < len(lives) else None
        scenes = [Scene(life, self.now(), query, (), self.base) for life in chosen]
        return self._sent(operation, 200, page.listers[operation.alias](scenes, token, len(lives)))

    def _written(
        self, operation: Operation, page: Page, life: Life, query: Mapping[str, tuple[str, ...]], status: int
    ) -> Response:
        at = self._bodies.schema(operation, status)[1]
        scene = Scene(life, self.now(), query, self._bodies.items(at, page.items), self.base)
        writer = page.writers.get(operation.alias)
        payload = writer(scene) if writer else self._generated(operation, scene, status)
        if at is not None and writer and not self._bodies.fits(at, payload) and "fields" not in query:
            payload = self._generated(
                operation, scene, status
            )  # another document than the page was written for
        return self._sent(operation, status, payload)

    def _generated(self, operation: Operation, scene: Scene, status: int) -> Json:
        """Give a generated payload with the batch's id and a state word where it has room for them."""
        at = self._bodies.schema(operation, status)[1]
        samples = self._bodies.samples(at) if at is not None else ()
        payload: Json = samples[0] if samples else {}
        if at is None:
            return payload
        for name in (identifier(operation), "id"):
            if isinstance(payload, dict) and name in payload:
                changed = payload | {name: scene.life.id}
                payload = changed if self._bodies.fits(at, changed) else payload
        state = scene.life.state(scene.now)
        said = worded(payload, state, partial(self._bodies.fits, at))
        return payload if said is None else said

    def _collected(self, operation: Operation) -> Json:
        """Give a list of all batches, as an operation without an id answers, where its schema takes them."""
        at = self._bodies.schema(operation, 200)[1]
        samples = self._bodies.samples(at) if at is not None else ()
        payload: Json = samples[0] if samples else {}
        single = next((one for one in self.provider.spec.operations if self._is_one_of(one, operation)), None)
        if at is None or single is None:
            return payload
        lives = [self.lives[key] for key in sorted(self.lives)]
        scenes = [Scene(life, self.now(), {}, (), self.base) for life in lives]
        listed = [self._generated(single, scene, 200) for scene in scenes]
        if isinstance(payload, list):
            return listed if self._bodies.fits(at, listed) else payload
        for name in payload if isinstance(payload, dict) else ():
            if isinstance(payload[name], list) and self._bodies.fits(at, payload | {name: listed}):
                return payload | {name: listed}
        return payload

    def _is_one_of(self, one: Operation, listing: Operation) -> bool:
        """Whether an operation gives one thing of those that another lists."""
        return one.method == "GET" and bool(identifier(one)) and one.path.startswith(f"{listing.path}/")

    def applies(self, drift: Drift) -> bool:
        """Whether a drift changes any answer of the stand-in, in any state that it knows from the start."""
        if not drift.pointer and drift.kind in {"status", "media"}:
            return True
        still = Vendor(provider=self.provider, now=self.now)
        return any(bend(one, drift) != one for one in still.payloads())

    def payloads(self) -> Iterator[Json]:
        """Give an answer of every operation for every batch that is known from the start."""
        for one in self.calls.operations:
            yield decode(self.calls.delivery(one, self.lives[seed_ids()["completed"]], self.now()).body).value
        for operation in (one for one in self.provider.spec.operations if not one.received):
            at = operation.body.get("application/json")
            samples = self._bodies.samples(at) if at is not None else ()
            sent = json.dumps(samples[0]).encode() if samples else b""
            for ident in seed_ids().values() if identifier(operation) else ("",):
                path = replace(operation, path=operation.path.replace(f"{{{identifier(operation)}}}", ident))
                request = Request(operation.method, example_url(self.provider.spec, path), (), sent)
                found = self.provider.spec.find(request.method, request.url)
                params = found[1] if found else {}
                answer = decode(self._operated(operation, params, request).body)
                yield from (answer.value,) if answer.usable else ()

    def refuse_idle(self) -> None:
        """Refuse a drift that changes no answer; ConfigError names it."""
        for drift in self.drifts:
            if not self.applies(drift):
                raise ConfigError(
                    f"drift {drift.told} changes no answer of {self.provider.id}; is the place right?"
                )

    def _sent(self, operation: Operation, status: int, payload: Json) -> Response:
        media = self._bodies.schema(operation, status)[0] or "application/json"
        for drift in self.drifts:
            if drift.kind == "status":
                status = int(drift.argument) if drift.argument.isdigit() else status
            elif drift.kind == "media":
                media = drift.argument
            else:
                payload = bend(payload, drift)
        return _json(status, payload, media, *self._declared(operation, status))

    def _error(self, operation: Operation, status: int, said: str) -> Response:
        body = self._bodies.error(operation, status, said)
        media = self._bodies.schema(operation, status)[0] or "application/json"
        wait = (("Retry-After", "1"),) if status in {429, 503} else ()
        if body is None:
            return Response(status, wait)
        if "json" not in media:
            return Response(status, (("Content-Type", media), *wait), str(body).encode())
        return _json(status, body, media, *self._declared(operation, status), *wait)

    def _declared(self, operation: Operation, status: int) -> tuple[tuple[str, str], ...]:
        """Give the headers that the spec declares for a status: numbers, as rate limits are."""
        documented = operation.response(status)
        values = {"limit": "1000", "remaining": "999", "reset": "1800000000"}
        headers = documented.headers if documented else ()
        return tuple((h.name, values.get(h.name.lower().rpartition("-")[2], "1")) for h in headers)


def _number(query: Mapping[str, tuple[str, ...]], name: str, default: int) -> int:
    text = query.get(name, ("",))[-1]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default


def _state(word: str) -> BatchState:
    try:
        return BatchState(word)
    except ValueError:
        raise UnknownName("state", word, [s.value for s in BatchState]) from None


def _json(status: int, payload: Json, media: str = "application/json", *headers: tuple[str, str]) -> Response:
    body = json.dumps(payload, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return Response(status, (("Content-Type", media), *headers), body)
