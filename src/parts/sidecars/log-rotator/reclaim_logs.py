"""Bounds the disk space of logs that an app appends to for ever.

It needs nothing from the app: no signal, no rename, no truncation. It punches holes into what every reader has read
already. The size of the file and the app's offset stay the same, but the disk blocks are free again, and blocks are
what the node counts.
"""

import signal
import sys
import time

from disk_space import BLOCK_BYTES, LogFileOnDisk, cannot_punch, find_paths
from readers import make_reader
from service import EXIT_BAD_SETTINGS, Heartbeat, load_settings, messenger

say = messenger("log-rotator")

DEFAULT_POLL_SECONDS = 1
# A writer keeps its old descriptor for a moment after the rename: a file is deleted only when it was quiet for so long.
# There is no hurry, for its disk space was given back already.
QUIET_SECONDS = 60
# Unread data is dropped down to this part of the bound, so that it is not dropped again at every round.
TARGET = 0.75


class Reclaimer:
    """Bounds one group of files that have the same readers.

    One round: give back what was read, delete rotated files that were read, and enforce the bound.
    """

    def __init__(self, group):
        self._patterns = group["files"]
        self._max_bytes = group["maxBytes"]
        self._keep_bytes = group.get("keepBytes", 0)
        self._readers = [make_reader(reader) for reader in group.get("readers", [])]
        self._complaints = set()
        self._can_punch = True

    def round(self):
        for reader in self._readers:
            reader.refresh()
        files = self._open_files()
        try:
            for file in files:
                self._attempt(self._reclaim, file)
            self._enforce_bound(files)
        finally:
            for file in files:
                file.close()

    def _open_files(self):
        files = []
        for path, is_live in find_paths(self._patterns):
            try:
                files.append(LogFileOnDisk(path, is_live))
            except FileNotFoundError:
                pass  # rotated or deleted while we looked
            except OSError as error:
                self._complain(f"cannot open {path}: {error.strerror}")
        return files

    def _reclaim(self, file):
        """Gives back what every reader has read."""
        if not self._readers:
            return
        file.read_up_to = min(r.position(file.descriptor, file.status, file.is_live) for r in self._readers)
        idle = time.time() - file.status.st_mtime
        if not file.is_live and file.read_up_to >= file.size and idle > QUIET_SECONDS:
            file.delete()
        elif self._can_punch:
            file.give_back(file.read_up_to)

    def _enforce_bound(self, files):
        """Drops unread data while the files take more than the bound: rotated files first, then the biggest."""
        total = sum(file.allocated for file in files)
        if total <= self._max_bytes:
            return
        excess = total - int(self._max_bytes * TARGET)
        live = sorted((file for file in files if file.is_live), key=lambda file: -file.allocated)
        for file in [file for file in files if not file.is_live] + live:
            if excess > 0:
                excess -= self._attempt(self._drop, file, excess) or 0

    def _drop(self, file, excess):
        """Gives up the oldest data of one file; returns the bytes that this freed."""
        if file.allocated == 0:
            return 0
        first = file.first_data()
        if not file.is_live and (file.allocated <= excess or not self._can_punch):
            end, freed = file.size, file.delete()
        elif self._can_punch:
            # Rounded up to a whole block, but never into what has to be kept.
            kept = self._keep_bytes if file.is_live and not self._readers else 0
            end = min(first + excess + BLOCK_BYTES - 1, file.size - kept)
            end -= end % BLOCK_BYTES
            freed = file.give_back(end)
        else:
            return 0
        unread = end - max(first, file.read_up_to)
        if freed and unread > 0:
            say(f"gave up {unread} unread bytes of {file.path}: the logs take more than {self._max_bytes} bytes")
        return freed

    def _attempt(self, action, file, *arguments):
        """Does one thing to one file. What fails is said once and must not keep the others from being bounded."""
        try:
            return action(file, *arguments)
        except FileNotFoundError:
            return 0
        except OSError as error:
            if cannot_punch(error):
                self._can_punch = False
                self._complain(f"the file system of {file.path} cannot punch holes: only rotated files can be deleted")
            else:
                self._complain(f"cannot give back space of {file.path}: {error.strerror}")
            return 0

    def _complain(self, complaint):
        if complaint not in self._complaints:
            say(complaint)
        self._complaints.add(complaint)


def check(group):
    """Ends the program when the settings cannot be kept."""
    missing = [key for key in ("files", "maxBytes") if key not in group]
    if missing:
        say(f"a group lacks {', '.join(missing)}")
        sys.exit(EXIT_BAD_SETTINGS)
    if not group.get("readers") and group.get("keepBytes", 0) > group["maxBytes"] * TARGET:
        say("keepBytes must not be more than three quarters of maxBytes")
        sys.exit(EXIT_BAD_SETTINGS)


def main():
    # Nothing has to be saved: the positions are the readers' own, and every round starts from what is on the disk.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    settings = load_settings(sys.argv, ["groups", "stateDirectory"], say)
    for group in settings["groups"]:
        check(group)
    heartbeat = Heartbeat(settings["stateDirectory"], say)
    reclaimers = [Reclaimer(group) for group in settings["groups"]]
    while True:
        for reclaimer in reclaimers:
            reclaimer.round()
        heartbeat.beat()
        time.sleep(settings.get("pollSeconds", DEFAULT_POLL_SECONDS))


if __name__ == "__main__":
    main()
