"""The main loop of a program that reads logs: read, hand over, remember the position, stop without loss."""

import time

from follow import DEFAULT_POLL_SECONDS, Follower
from service import Heartbeat, Shutdown, StateFile

DEFAULT_DRAIN_SECONDS = 5
DEFAULT_COMMIT_SECONDS = 1


class LogReader:
    """Reads the inputs that the settings name and keeps the state of a whole program.

    The program may add its own keys to `extra_state`; they are saved together with the positions.
    """

    def __init__(self, settings, say):
        directory = settings["stateDirectory"]
        self._poll_seconds = settings.get("pollSeconds", DEFAULT_POLL_SECONDS)
        self._commit_seconds = settings.get("commitSeconds", DEFAULT_COMMIT_SECONDS)
        self._next_commit = time.monotonic() + self._commit_seconds
        # A helper that is told to stop together with its app needs more quiet than one poll to see the last lines.
        quiet_seconds = max(settings.get("quietSeconds", 0), self._poll_seconds)
        self._shutdown = Shutdown(settings.get("drainSeconds", DEFAULT_DRAIN_SECONDS), quiet_seconds)
        self._heartbeat = Heartbeat(directory, say)
        self._heartbeat.beat()
        self._state_file = StateFile(directory, say)
        state = self._state_file.load()
        since = state.get("since")
        self._since = since if isinstance(since, (int, float)) else time.time()
        self._followers = [Follower(path, state, self._since, settings, say) for path in settings["inputs"]]
        self.extra_state = {key: value for key, value in state.items() if key not in ("since", "files")}

    def run(self, handle, after_round):
        """Hands every batch to `handle`, which marks it as handled, until the pod stops and all was read."""
        while not self._round(handle, after_round):
            if not any(follower.behind for follower in self._followers):
                time.sleep(self._poll_seconds)
        for follower in self._followers:
            for batch in follower.rest():
                handle(batch)
        after_round()
        self.commit()

    def commit(self):
        """Saves up to where the inputs were handled."""
        files = [entry for follower in self._followers for entry in follower.to_state()]
        self._state_file.save({**self.extra_state, "since": self._since, "files": files})
        self._next_commit = time.monotonic() + self._commit_seconds

    def _round(self, handle, after_round):
        """Gives every input its turn; returns whether the program is done."""
        news = False
        draining = self._shutdown.asked
        for follower in self._followers:
            for batch in follower.poll(draining):
                handle(batch)
                news = True
                if self._shutdown.overdue:
                    break
            news = news or follower.behind
        after_round()
        self._heartbeat.beat()
        if time.monotonic() >= self._next_commit:
            self.commit()
        return draining and self._shutdown.drained(news)
