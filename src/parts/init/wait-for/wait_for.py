"""Waits until every endpoint has accepted a TCP connection, but no longer than it was told to."""

import os
import signal
import socket
import sys
import threading
import time

from service import EXIT_FAILED, load_settings, messenger

DEFAULT_POLL_SECONDS = 1
ATTEMPT_SECONDS = 3
EXIT_TERMINATED = 128 + signal.SIGTERM

say = messenger("wait-for")


class Wait:
    """One endpoint after the other: all must answer, so their order does not matter."""

    def __init__(self, settings):
        self._endpoints = settings["endpoints"]
        self._poll_seconds = settings.get("pollSeconds", DEFAULT_POLL_SECONDS)
        self.current = ""
        self.done = False

    def run(self):
        for endpoint in self._endpoints:
            self._wait_for(endpoint["host"], endpoint["port"])
        self.done = True

    def _wait_for(self, host, port):
        self.current = f"{host}:{port}"
        began = time.monotonic()
        complaint = None
        while True:
            problem = problem_of(host, port)
            if problem is None:
                say(f"{self.current} accepts connections, after {time.monotonic() - began:.1f} s")
                return
            if problem != complaint:
                say(f"waiting for {self.current}: {problem}")
                complaint = problem
            time.sleep(self._poll_seconds)


def problem_of(host, port):
    """Why no connection comes about; None if one does."""
    try:
        socket.create_connection((host, port), timeout=ATTEMPT_SECONDS).close()
    except OSError as error:
        return error.strerror or str(error)
    except UnicodeError:
        return "no name that DNS can have"
    return None


def end(status):
    """Without waiting for a look-up in DNS that is under way, which cannot be interrupted."""
    os._exit(status)


def main():
    settings = load_settings(sys.argv, ["endpoints", "timeoutSeconds"], say)
    # Process 1 of a container has no default handlers: without this one the pod would wait for KILL.
    signal.signal(signal.SIGTERM, lambda *_: end(EXIT_TERMINATED))
    wait = Wait(settings)
    thread = threading.Thread(target=wait.run, daemon=True)
    thread.start()
    thread.join(settings["timeoutSeconds"])
    if not thread.is_alive():
        end(0 if wait.done else EXIT_FAILED)
    anyway = settings.get("startAnyway", False)
    say(f"{wait.current} did not accept a connection within {settings['timeoutSeconds']} s{': the app starts all the same' if anyway else ''}")
    end(0 if anyway else EXIT_FAILED)


if __name__ == "__main__":
    main()
