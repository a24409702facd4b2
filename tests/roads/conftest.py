from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from adapters.provisioning import DatabaseAddresses
from tests.roads.live import Live
from tests.sandbox.process import SandboxProcess
from tests.shop import open_shop, settings_for
from web.app import create_api


@pytest.fixture
def live(fresh_database: DatabaseAddresses, sandbox: SandboxProcess, account: str, tmp_path: Path) -> Iterator[Live]:
    """A shop of the test's own, served on a port of its own."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    url = f"http://127.0.0.1:{server.port}"
    changes = {"SANDBOX_PAYMENTS_URL": sandbox.url, "PUBLIC_URL": url}
    shop = open_shop(fresh_database, tmp_path, **changes)
    wired = shop.wired
    server.app = create_api(
        wired.app,
        settings_for(fresh_database, tmp_path, **changes),
        wired.lookups,
        tokens=wired.plain["tokens"],
        clock=wired.clock,
        blobs=wired.plain["blobs"],
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    live = Live(shop, sandbox, account, url, server)
    try:
        live.connect()
        yield live
        live.client.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        wired.engines.dispose()
