import pytest

from contracts.ci.actions import Actions
from contracts.ci.rest import GitHub
from contracts.secret import Secret
from tests.ci.standin import StandIn


@pytest.fixture
def standin():
    host = StandIn()
    yield host
    host.close()


@pytest.fixture
def github(standin):
    with GitHub(standin.url, "acme/app", Secret("ghs_secret_token_1", "GITHUB_TOKEN")) as host:
        yield host


@pytest.fixture
def actions(standin, tmp_path):
    return Actions(
        repository="acme/app",
        api=standin.url,
        token=Secret("ghs_secret_token_1", "GITHUB_TOKEN"),
        summary=tmp_path / "summary.md",
        output=tmp_path / "output.txt",
        pull_request=7,
        run_url="https://github.com/acme/app/actions/runs/1",
    )
