"""One local AWS for all tests; for each test an account of its own, so that no test can see what another left."""

import itertools
from pathlib import Path

import pytest

from local.aws import LocalAws
from local.deployment import Deployment
from local.services.server import Services
from local.synthesis import APP, synthesise

APPS = Path(__file__).resolve().parent / "apps"

_accounts = itertools.count(111_122_223_333, 1_000_003)


@pytest.fixture(scope="session")
def services():
    with Services() as services:
        yield services


@pytest.fixture(scope="session")
def aws(services):
    with LocalAws(services=services) as aws:
        yield aws


@pytest.fixture
def new_account():
    """The number of an account in which nothing is."""
    return lambda: f"{next(_accounts):012}"


@pytest.fixture
def deploy(aws, new_account):
    """Deploys an app into a new account: the one in bin/, or one of apps/ by its name."""
    deployments = []

    def deploy(name: str | None = None) -> Deployment:
        app = APPS / f"{name}.ts" if name else APP
        deployment = Deployment(aws, new_account(), synthesise(app))
        deployments.append(deployment)
        deployment.listen()
        return deployment

    yield deploy
    for deployment in deployments:
        deployment.stop()


@pytest.fixture
def deployment(deploy):
    """The app of bin/, deployed."""
    return deploy()
