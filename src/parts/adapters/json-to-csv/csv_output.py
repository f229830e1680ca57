"""Where the CSV rows go: the standard output, or a file that is rotated by size."""

import codecs
import csv
import os

STANDARD_OUTPUT = 1
REPLACEMENT = "replace-lone-surrogates"
# JSON may hold half of a surrogate pair, which no UTF-8 text can.
codecs.register_error(REPLACEMENT, lambda error: (b"\xef\xbf\xbd" * (error.end - error.start), error.end))


class CsvEncoder:
    """RFC 4180 text of rows, as UTF-8."""

    def __init__(self):
        self._parts = []
        self.write = self._parts.append  # for the writer: unlike a StringIO this takes no four bytes a character
        self._writer = csv.writer(self, lineterminator="\r\n")

    def encode(self, rows):
        self._writer.writerows(rows)
        text = "".join(self._parts)
        self._parts.clear()
        return text.encode("utf-8", REPLACEMENT)


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]


class StandardOutput:
    """Rows for whoever reads the container's log. A restarted container has a new log, so it gets a new header."""

    def __init__(self, header):
        self._encoder = CsvEncoder()
        write_all(STANDARD_OUTPUT, self._encoder.encode([header]))

    def write(self, rows, batch, _reader):
        data = self._encoder.encode(row for row in rows if row)
        if data:
            write_all(STANDARD_OUTPUT, data)
        batch.handled()


class FileOutput:
    """Rows in a file that never grows beyond `maxBytes`, unless a single row does.

    The state holds inode and length of what was written together with the input positions of the same moment. After
    a KILL the file is cut back to that length, so rows written later are written again, not twice.
    """

    def __init__(self, header, settings, reader, say):
        self.path = settings["path"]
        self._max_bytes = settings["maxBytes"]
        self._keep = settings["keep"]
        self._say = say
        self._encoder = CsvEncoder()
        self._header = self._encoder.encode([header])
        committed = reader.extra_state.get("output")
        self._open(committed if isinstance(committed, dict) else {})
        self._remember(reader)

    def write(self, rows, batch, reader):
        """Writes the rows of a batch; `rows` has one entry for each line, None for lines without a row."""
        data = self._encoder.encode(row for row in rows if row)
        if self._fits(data):
            self._append(data)
            batch.handled()
        else:
            self._write_over_rotations(rows, batch, reader)
        self._remember(reader)

    def _write_over_rotations(self, rows, batch, reader):
        data = b""
        for index, row in enumerate(rows):
            if not row:
                continue
            encoded = self._encoder.encode([row])
            fresh = self._length <= len(self._header) and not data
            if not fresh and not self._fits(data + encoded):
                self._append(data)
                batch.handled(index)
                self._rotate(reader)
                data = b""
            data += encoded
        self._append(data)
        batch.handled()

    def _fits(self, data):
        return self._length + len(data) <= self._max_bytes

    def _append(self, data):
        """Writes the data whole or not at all: a row is never left torn when the disk is full."""
        try:
            write_all(self._descriptor, data)
        except OSError:
            os.ftruncate(self._descriptor, self._length)
            raise
        self._length += len(data)

    def _open(self, committed):
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        status = os.fstat(self._descriptor)
        self._length = status.st_size
        if committed.get("inode") == status.st_ino and committed.get("length", self._length) < self._length:
            self._cut(committed["length"])
        elif self._length < len(self._header) and self._header.startswith(os.pread(self._descriptor, self._length, 0)):
            self._cut(0)  # killed while the header was written
        if self._length == 0:
            self._append(self._header)

    def _cut(self, length):
        os.ftruncate(self._descriptor, length)
        self._length = length

    def _remember(self, reader):
        reader.extra_state["output"] = {
            "path": self.path,
            "inode": os.fstat(self._descriptor).st_ino,
            "length": self._length,
        }

    def _rotate(self, reader):
        """Saves before and after, so that a KILL at any point leaves a state that fits one of the files."""
        self._remember(reader)
        reader.commit()
        self._shift()
        os.close(self._descriptor)
        self._open({})
        self._remember(reader)
        reader.commit()

    def _shift(self):
        if self._keep == 0:
            os.unlink(self.path)
            return
        # Only up to the first gap: after a KILL between two renames nothing older is pushed out needlessly.
        free = next((n for n in range(1, self._keep) if not os.path.exists(f"{self.path}.{n}")), self._keep)
        for number in range(free - 1, 0, -1):
            os.replace(f"{self.path}.{number}", f"{self.path}.{number + 1}")
        os.replace(self.path, f"{self.path}.1")
