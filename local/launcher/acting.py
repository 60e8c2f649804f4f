"""Runs something as another account, or in another Region."""

from contextlib import contextmanager

from ministack.core.responses import _request_account_id, _request_region


@contextmanager
def acting_as(account: str, region: str):
    """Runs a block as this account in this Region."""
    tokens = _request_account_id.set(account), _request_region.set(region)
    try:
        yield
    finally:
        _request_account_id.reset(tokens[0])
        _request_region.reset(tokens[1])
