"""A small shop: lists the catalog of another service, takes orders and logs them as JSON lines."""

import itertools
import json
import os
import signal
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CATALOG_URL = os.environ["CATALOG_URL"]
LOG = "/var/log/shop/orders.jsonl"
numbers = itertools.count(1)
log_lock = threading.Lock()


def log_order(order):
    with log_lock, open(LOG, "a", encoding="utf-8") as log:
        log.write(json.dumps(order) + "\n")


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path in ("/healthz", "/readyz"):
            self.answer(200, {"status": "ok"})
        elif self.path == "/items":
            try:
                with urllib.request.urlopen(f"{CATALOG_URL}/items", timeout=10) as catalog:
                    self.answer(200, json.load(catalog))
            except (OSError, ValueError) as error:
                self.answer(503, {"error": str(error)})
        else:
            self.answer(404, {"error": "no such page"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            order = {"id": next(numbers), "items": json.loads(body)["items"]}
        except (ValueError, KeyError, TypeError):
            self.answer(400, {"error": "an order is an object with items"})
            return
        log_order(order)
        self.answer(201, order)

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Orders are logged, requests are not."""


server = ThreadingHTTPServer(("", 8080), Shop)
# Stops taking requests and lets those that run end.
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
log_order({"id": next(numbers), "items": [], "closing": True})
