"""One log file (one inode) that is read line by line while somebody else writes it."""

import os

CHUNK_BYTES = 256 * 1024
# So many bytes before the offset are remembered, to notice that a file was truncated and has grown past the offset.
TAIL_BYTES = 32


class Batch:
    """Some consecutive lines of one file. They count as handled only once `handled` was called."""

    def __init__(self, file, data, start, first_line, complete=True):
        self.file = file
        self.path = file.path
        self.data = data
        self.start = start
        self.first_line = first_line
        self.complete = complete  # False: a last line whose newline has not come

    def lines(self):
        return self.data[:-1].split(b"\n") if self.complete else [self.data]

    def handled(self, count=None):
        """Marks the first `count` lines (all of them without a count) as handled."""
        done = self.data
        if count is not None and self.complete:
            done = done[: sum(len(line) + 1 for line in self.lines()[:count])]
        lines = self.first_line - 1 + done.count(b"\n")
        # The newline that `rest` adds to the last line of an ended file does not stand in the file.
        self.file.mark(self.start, done[: self.file.position - self.start], lines)


class LogFile:
    """Reads complete lines of one open file.

    `offset`, `line` and `tail` describe what was handled and are what a restart begins with; `position` is how far
    the file was read. What lies between is in the hands of the caller or held back until its newline comes.
    """

    def __init__(self, path, followed_path, descriptor, max_line_bytes, say, saved=None):
        saved = saved or {}
        status = os.fstat(descriptor)
        self.path = path  # the name when it was opened, for messages
        self.followed_path = followed_path
        self.inode = status.st_ino
        self.device = status.st_dev
        self.offset = saved.get("offset", 0)
        self.line = saved.get("line", 0)
        self.tail = bytes.fromhex(saved.get("tail", ""))
        self.superseded_at = None  # when the file lost its name to a newer one
        self._descriptor = descriptor
        self._max_line_bytes = max_line_bytes
        self._say = say
        self._begin()

    def _begin(self):
        self.position = self.offset
        self._lines_read = self.line
        self._read_tail = self.tail
        self._pending = b""
        self._discarding = False

    def close(self):
        os.close(self._descriptor)

    def status(self):
        return os.fstat(self._descriptor)

    def mark(self, start, data, line):
        """Counts the data that begins at `start` as handled, and everything before it."""
        before = self.tail if start == self.offset else b""
        self.tail = (before + data[-TAIL_BYTES:])[-TAIL_BYTES:]
        self.offset = start + len(data)
        self.line = line

    def restart(self):
        """Begins again at the start of the file, which was truncated."""
        self.offset, self.line, self.tail = 0, 0, b""
        self._begin()

    def truncated(self):
        """Whether what was read is no longer what stands before the position."""
        size = self.status().st_size
        if size == self.position:
            return False
        return size < self.position or not bytes_match(self._descriptor, self.position, self._read_tail)

    def read(self):
        """Reads one chunk and returns the batches that it completes."""
        chunk = self._next_chunk()
        if self._discarding:
            chunk = self._after_discarded_line(chunk)
        cut = chunk.rfind(b"\n") + 1
        if cut == 0:
            self._hold(chunk)
            return []
        block = self._pending + chunk[:cut]
        self._pending = b""
        start = self.position - (len(chunk) - cut) - len(block)
        batches = list(self._without_long_lines(block, start))
        self._hold(chunk[cut:])
        return batches

    def rest(self, ended):
        """The last line, whose newline has not come. `ended`: nobody writes this file any more, so it is a line."""
        if not self._pending:
            return None
        data, self._pending = self._pending, b""
        start = self.position - len(data)
        return Batch(self, data + b"\n" if ended else data, start, self._lines_read + 1, complete=ended)

    def finish(self):
        """Counts the whole file as handled, whatever its last line was."""
        self.offset, self.line, self.tail = self.position, self._lines_read, self._read_tail

    def to_state(self):
        return {
            "path": self.followed_path,
            "inode": self.inode,
            "device": self.device,
            "offset": self.offset,
            "line": self.line,
            "tail": self.tail.hex(),
        }

    def _next_chunk(self):
        self._jump_over_hole()
        try:
            length = os.lseek(self._descriptor, self.position, os.SEEK_HOLE) - self.position
        except OSError:
            return b""  # truncated this very moment, or nothing but a hole: the next round sees which
        chunk = os.pread(self._descriptor, min(CHUNK_BYTES, length), self.position)
        self.position += len(chunk)
        self._read_tail = (self._read_tail + chunk[-TAIL_BYTES:])[-TAIL_BYTES:]
        if chunk.startswith(b"\0") and not self._pending:
            # A writer that went on behind a truncation leaves zeros in front of its next line, which is whole.
            text = chunk.lstrip(b"\0")
            self._say(f"skipped {len(chunk) - len(text)} zero bytes of {self.path}")
            self._discarding = False
            return text
        return chunk

    def _jump_over_hole(self):
        try:
            data_at = os.lseek(self._descriptor, self.position, os.SEEK_DATA)
        except OSError:
            data_at = self.status().st_size  # a hole up to the end of the file
        if data_at <= self.position:
            return
        self._say(f"skipped {data_at - self.position} bytes of {self.path} whose disk space was given back")
        # The data behind a hole most likely begins within a line.
        self._discarding = True
        self._pending = b""
        self._read_tail = b""
        self.position = data_at

    def _after_discarded_line(self, chunk):
        end = chunk.find(b"\n") + 1
        if end == 0:
            return b""
        self._discarding = False
        self._lines_read += 1
        return chunk[end:]

    def _hold(self, chunk):
        """Keeps the beginning of a line until the rest of it comes."""
        self._pending += chunk
        if len(self._pending) > self._max_line_bytes:
            self._report_long_line(self._lines_read + 1)
            self._pending = b""
            self._discarding = True

    def _without_long_lines(self, block, start):
        first = self._lines_read + 1
        self._lines_read += block.count(b"\n")
        if len(block) <= self._max_line_bytes:
            yield Batch(self, block, start, first)
            return
        begin = end = 0
        for index, line in enumerate(block[:-1].split(b"\n")):
            if len(line) > self._max_line_bytes:
                self._report_long_line(first + index)
                if end > begin:
                    yield self._part(block, begin, end, start, first)
                begin = end + len(line) + 1
            end += len(line) + 1
        if end > begin:
            yield self._part(block, begin, end, start, first)

    def _part(self, block, begin, end, start, first):
        return Batch(self, block[begin:end], start + begin, first + block.count(b"\n", 0, begin))

    def _report_long_line(self, number):
        self._say(f"skipped line {number} of {self.path}: it is longer than {self._max_line_bytes} bytes")


def bytes_match(descriptor, offset, tail):
    """Whether `tail` still stands before the offset. Zeros match: that disk space was given back since."""
    found = os.pread(descriptor, len(tail), offset - len(tail)) if tail else b""
    return len(found) == len(tail) and all(now in (then, 0) for now, then in zip(found, tail))
