"""The proxy through which the handler goes out, and behind it the services: whoever is asked for by name answers at once."""

import json
import ssl
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .authority import Authority
from .customer import Customer

# What a host is asked for, by its end.
HOSTS = {"hooks.slack.com": "hook", "slack.com": "slack", ".backlog.com": "backlog", ".atlassian.net": "jira"}


class Services:
    """The running stubs. `with Services() as services:` ends them in any case."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="services-")
        self._authority = Authority(Path(self._folder.name))
        self._customers: list[Customer] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.services = self
        self._server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.tls.load_cert_chain(self._authority.chain, self._authority.key)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._folder.cleanup()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def environment(self) -> dict[str, str]:
        """How a program is told of the proxy and of whom to trust."""
        return {
            "HTTPS_PROXY": f"http://127.0.0.1:{self.port}",
            "NO_PROXY": "127.0.0.1",
            "SSL_CERT_FILE": str(self._authority.root),
        }

    def customer(self, name: str) -> Customer:
        customer = Customer(name)
        self._customers.append(customer)
        return customer

    def answer(self, host: str, method: str, path: str, headers: dict, body: str):
        """Status, body and headers; nothing where the connection just ends."""
        service = service_of(host)
        customer = next((one for one in self._customers if one.services[service].knows(path, headers)), None)
        if customer is None:
            return Customer("nobody").services[service].stranger()
        request = {"service": service, "method": method, "path": path, "body": body}
        customer.requests.append(request)
        refusal = customer.take_refusal(service, method, path, body)
        if refusal is None or refusal.get("done"):
            answer = customer.services[service].answer(method, path, body)
        if refusal is not None:
            answer = None if refusal.get("hang_up") else (refusal["status"], refusal.get("body"), refusal.get("headers", {}))
        request["status"] = answer[0] if answer else None
        return answer


def service_of(host: str) -> str | None:
    return next((service for end, service in HOSTS.items() if host == end or (end[0] == "." and host.endswith(end))), None)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host = None  # behind CONNECT

    def do_CONNECT(self):
        host = self.path.rpartition(":")[0]
        if service_of(host) is None:
            self.send_error(502)
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        except OSError:
            self.close_connection = True
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.host, self.close_connection = host, False

    def _serve(self):
        host, path = self.host, self.path
        if host is None:
            # Without TLS, for clients that take an address but no proxy: /slack.com/api/chat.postMessage
            host, _, path = self.path.lstrip("/").partition("/")
            path = f"/{path}"
        if service_of(host) is None:
            self.send_error(404)
            return
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.services.answer(host, self.command, path, headers, body)
        if answer is None:
            self.close_connection = True
            return
        status, said, headers = answer
        is_text = isinstance(said, str)
        sent = b"" if said is None else said.encode() if is_text else json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-type", "text/html" if is_text else "application/json;charset=utf-8")
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PATCH = _serve

    def log_message(self, *_):
        """Says nothing: what was asked is kept."""
