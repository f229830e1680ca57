"""What every helper program needs to live in a pod: messages, settings, state, shutdown, heartbeat."""

import json
import os
import signal
import sys
import time

EXIT_FAILED = 1
EXIT_BAD_SETTINGS = 2


def messenger(program):
    """Returns the function that says one line on stderr, always as `<program>: message`."""

    def say(message):
        try:
            print(f"{program}: {message}", file=sys.stderr, flush=True)
        except OSError:
            pass  # nobody reads stderr any more: no reason to stop the work itself

    return say


def load_settings(arguments, required, say):
    """Reads the settings file named on the command line, or else the variable SETTINGS; ends with a clear message if it cannot."""
    if len(arguments) > 2 or (len(arguments) == 1 and "SETTINGS" not in os.environ):
        say(f"usage: python3 {os.path.basename(arguments[0])} settings.json")
        sys.exit(EXIT_BAD_SETTINGS)
    origin = arguments[1] if len(arguments) == 2 else "in SETTINGS"
    try:
        if len(arguments) == 2:
            with open(origin, encoding="utf-8") as file:
                settings = json.load(file)
        else:
            settings = json.loads(os.environ["SETTINGS"])
        if not isinstance(settings, dict):
            raise ValueError("not a JSON object")
        missing = [key for key in required if key not in settings]
        if missing:
            raise ValueError(f"{', '.join(missing)} missing")
        return settings
    except (OSError, ValueError) as error:
        say(f"cannot read the settings {origin}: {error}")
        sys.exit(EXIT_BAD_SETTINGS)


class StateFile:
    """A small JSON document that survives a restart of the container.

    It is replaced by a rename, so a reader (or the next start) sees the old or the new document, never half of one.
    There is no fsync: it has to survive the end of a process, not the loss of power.
    """

    def __init__(self, directory, say):
        self.path = os.path.join(directory, "state.json")
        self._say = say
        self._saved = None
        self._complaint = None

    def load(self):
        """The saved document; an empty one if there is none or it cannot be read."""
        try:
            with open(self.path, encoding="utf-8") as file:
                document = json.load(file)
            if not isinstance(document, dict):
                raise ValueError("not a JSON object")
            return document
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            self._say(f"ignoring the state {self.path}, which cannot be read: {error}")
            return {}

    def save(self, document):
        """Replaces the document. A failure is said once and does not end the program."""
        text = json.dumps(document)
        if text == self._saved:
            return
        temporary = self.path + ".new"
        try:
            with open(temporary, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, self.path)
        except OSError as error:
            self._complain(f"cannot save the state {self.path}: {error}")
            return
        self._saved = text
        self._complaint = None

    def _complain(self, complaint):
        if complaint != self._complaint:
            self._say(complaint)
        self._complaint = complaint


class Shutdown:
    """Remembers that the pod asked the program to stop, and how long draining may still take."""

    # Part of the drain is kept back, so that flushing and saving also fit in before KILL comes.
    KEPT_BACK = 0.15

    def __init__(self, drain_seconds, quiet_seconds):
        self._drain_seconds = drain_seconds * (1 - self.KEPT_BACK)
        self._quiet_seconds = quiet_seconds
        self._asked_at = None
        self._last_news = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number, _frame):
        if self._asked_at is None:
            self._asked_at = self._last_news = time.monotonic()

    @property
    def asked(self):
        return self._asked_at is not None

    @property
    def overdue(self):
        """Whether reading on would risk the KILL."""
        return self.asked and time.monotonic() - self._asked_at >= self._drain_seconds

    def drained(self, news):
        """Told once a round whether something new came: whether the inputs have been quiet long enough."""
        if not self.asked:
            return False
        now = time.monotonic()
        if news:
            self._last_news = now
        return now - self._last_news >= self._quiet_seconds or self.overdue


class Heartbeat:
    """A file whose age tells a liveness probe whether the main loop still turns."""

    def __init__(self, directory, say):
        self._path = os.path.join(directory, "heartbeat")
        self._say = say
        self._next = 0.0
        self._failed = False

    def beat(self):
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + 1
        try:
            with open(self._path, "a", encoding="utf-8"):
                os.utime(self._path)
            self._failed = False
        except OSError as error:
            if not self._failed:
                self._say(f"cannot touch the heartbeat {self._path}: {error}")
            self._failed = True
