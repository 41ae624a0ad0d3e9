"""The stub vendors inside a user's tests: httpx and httpx2 are answered in memory, others on this machine.

respx patches httpcore, which httpx uses; httpx2 uses httpcore2, which plain `respx.mock()` does not touch:
such a call would go out. A second mocker, aimed at httpcore2, closes that gap. respx is imported on first use
only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from contracts.address import read_address
from contracts.errors import ConfigError
from contracts.model import Finding, Request
from contracts.spec import Provider, load
from contracts.stub.bent import read_chaos, read_drift
from contracts.stub.local import LocalServer, guarded, local_address
from contracts.stub.vendor import Reply, Vendor
from contracts.text import plural
from contracts.validate import RequestCheck

CORES: Final = ("httpcore", "httpcore2")


@cache
def _respx() -> Any:
    """Import respx and teach it httpcore2, once; ConfigError says which extra to install."""
    try:
        import respx
    except ImportError:
        raise ConfigError(
            "the vendor fixture needs respx; install it with: pip install 'pytest-contracts[mock]'"
        ) from None
    from respx.mocks import HTTPCoreMocker, Mocker

    if "httpcore2" not in Mocker.registry:
        _mocker(HTTPCoreMocker)
    return respx


def _mocker(base: Any) -> None:
    import httpcore2

    def answer(_: Any, httpx_response: Any, target: Any, **more: Any) -> Any:
        return httpcore2.Response(
            status=httpx_response.status_code,
            headers=httpx_response.headers.raw,
            content=httpx_response.stream,
            extensions=httpx_response.extensions,
        )

    body = {
        "name": "httpcore2",
        "targets": [target.replace("httpcore.", "httpcore2.", 1) for target in base.targets],
        "from_sync_httpx_response": classmethod(answer),  # type: ignore[arg-type]
    }
    type("HTTPCore2Mocker", (base,), body)  # respx registers it by its name


@dataclass(slots=True)
class Vendors:
    """The stub vendors of one test. Call it with a provider's id to get its stub and have its host answered.

    `check` says at the end what the code under test sent wrongly; the fixture calls it.
    """

    root: Path
    by_id: dict[str, Vendor] = field(default_factory=dict)
    routers: list[Any] = field(default_factory=list)
    lenient: bool = False
    servers: dict[str, LocalServer] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    _guard: ExitStack = field(default_factory=ExitStack)

    def __call__(
        self, provider_id: str, *, chaos: str = "", drift: tuple[str, ...] = (), **options: Any
    ) -> Vendor:
        """Give the stub of a provider, made on the first call; UnknownName when there is no such provider."""
        if provider_id not in self.by_id:
            provider = load(provider_id, self.root)
            bent = {"chaos": read_chaos(chaos), "drifts": tuple(map(read_drift, drift))}
            vendor = Vendor(provider=provider, **bent, **options)  # type: ignore[arg-type]
            vendor.refuse_idle()
            vendor.serve = lambda: self._served(provider_id)
            self.by_id[provider_id] = vendor
            self._route(provider, vendor)
        return self.by_id[provider_id]

    def _route(self, provider: Provider, vendor: Vendor) -> None:
        self.routers = self.routers or self._start()
        hosts = _hosts(provider)
        for router, core in zip(self.routers, CORES, strict=True):
            for host in hosts:
                router.route(host=host).mock(side_effect=_effect(vendor, core))

    def _starts(self) -> tuple[str, ...]:
        """Give how the addresses of the vendors begin."""
        hosts = [host for vendor in self.by_id.values() for host in _hosts(vendor.provider)]
        return tuple(f"{scheme}://{host}{end}" for host in hosts for scheme in _SCHEMES for end in "/:")

    def _start(self) -> list[Any]:
        respx = _respx()
        routers = [respx.MockRouter(using=core, assert_all_called=False) for core in CORES]
        for router in routers:
            router.route(host__in=("127.0.0.1", "localhost", "::1")).pass_through()
            router.start()
        address = local_address(self.by_id, self.servers)
        self.refused = self._guard.enter_context(guarded(address, self._starts))
        return routers

    def _served(self, provider_id: str) -> str:
        if provider_id not in self.servers:
            self.servers[provider_id] = LocalServer(self.by_id[provider_id])
        return self.servers[provider_id].url

    def stop(self) -> None:
        """Take the patches off again, and end the local servers."""
        self._guard.close()
        while self.servers:
            self.servers.popitem()[1].close()
        while self.routers:
            self.routers.pop().stop(clear=True, reset=True)

    def findings(self) -> tuple[Finding, ...]:
        """Give what was wrong with the requests so far: path, query, headers and body against the spec."""
        return tuple(self._found(self.by_id))

    def _found(self, vendors: Mapping[str, Vendor]) -> Iterator[Finding]:
        for name in sorted(vendors):
            judge = RequestCheck(vendors[name].provider.spec, name)
            for request in vendors[name].requests:
                yield from judge.check(request)

    def check(self) -> None:
        """Raise AssertionError naming every request that did not fit the spec, unless `lenient` was set."""
        __tracebackhide__ = True
        found = () if self.lenient else self.findings()
        if found:
            lines = [
                f"  {f.provider} {f.operation} {f.pointer}: {f.message} ({f.rule})"
                for f in dict.fromkeys(found)
            ]
            raise AssertionError("\n".join([f"{plural(len(lines), 'fault')} in what was sent:", *lines]))
        for name, vendor in self.by_id.items():
            if not vendor.requests and not vendor.calls.sent and not self.lenient:
                raise AssertionError(self._unasked(name, vendor))

    def _unasked(self, name: str, vendor: Vendor) -> str:
        """Say that a stand-in saw no request, and what may be why."""
        known = ", ".join(filter(None, (read_address(one).host for one in vendor.provider.spec.servers)))
        other = f"; refused were {', '.join(sorted(set(self.refused)))}" if self.refused else ""
        return (
            f"the stand-in of {name} saw no request: nothing was sent to {known or 'its address'} nor to"
            f' vendor("{name}").url{other}'
        )


_SCHEMES: Final = ("https", "http")


def _hosts(provider: Provider) -> list[str]:
    return sorted({read_address(server).host for server in provider.spec.servers} - {""})


def _effect(vendor: Vendor, core: str) -> Callable[[Any], Any]:
    """Give the function that answers for one library; the faults it raises are that library's own."""

    def answer(request: Any) -> Any:
        import httpx

        reply = vendor.handle(_request(request))
        if reply.stall or reply.cut is not None:
            raise _trouble(core, reply, request)
        got = reply.response
        return httpx.Response(got.status, headers=list(got.headers), content=got.body)

    return answer


def _request(request: Any) -> Request:
    headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in request.headers.raw)
    return Request(request.method, str(request.url), headers, request.read())


def _trouble(core: str, reply: Reply, request: Any) -> Exception:
    """Give what the layer below the client raises; httpx and httpx2 translate it into their own."""
    import httpcore
    import httpcore2

    library: Any = httpcore2 if core == "httpcore2" else httpcore
    kind: Exception = (
        library.ReadTimeout("stalled") if reply.stall else library.RemoteProtocolError("cut off")
    )
    return kind


def vendor_fixture(root: Path) -> Iterator[Vendors]:
    """Run one test's stub vendors: the body of the fixture `vendor`; what was sent is checked at its end."""
    vendors = Vendors(root)
    try:
        yield vendors
        vendors.check()
    finally:
        vendors.stop()
