"""Renders templates with values of the environment into a directory. No value is ever printed."""

import base64
import json
import os
import re
import signal
import sys
import urllib.parse

from service import EXIT_FAILED, load_settings, messenger

TOKEN = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:\|([a-z0-9]+))?\}")
DIRECTORY_MODE = 0o755
EXIT_TERMINATED = 128 + signal.SIGTERM

say = messenger("render-config")


class RenderError(Exception):
    """Its message names files and values; it never contains a value."""


def json_string(value):
    try:
        return json.dumps(value.decode("utf-8"), ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError:
        raise RenderError("is no UTF-8, which JSON demands") from None


ENCODINGS = {
    None: lambda value: value,
    "json": json_string,
    "url": lambda value: urllib.parse.quote_from_bytes(value, safe="").encode("ascii"),
    "base64": base64.b64encode,
}


def render(path, template, prefix):
    """The bytes of one file. Values are bytes: those of a Secret need not be text."""

    def replace(match):
        name, encoding = match.group(1), match.group(2)
        if name is None:
            return "${"
        value = os.environb.get((prefix + name).encode("ascii"))
        if value is None:
            raise RenderError(f"{path}: {name} has no value: is the key in its Secret or ConfigMap?")
        try:
            # Carried through the text as surrogates, where it is no UTF-8, and written as it was.
            return ENCODINGS[encoding](value).decode("utf-8", "surrogateescape")
        except RenderError as error:
            raise RenderError(f"{path}: {name} {error}") from None

    return TOKEN.sub(replace, template).encode("utf-8", "surrogateescape")


def write(directory, path, content, mode):
    """Replaces a file as a whole: a container that runs again must not find half of one."""
    target = os.path.join(directory, path)
    os.makedirs(os.path.dirname(target), mode=DIRECTORY_MODE, exist_ok=True)
    temporary = target + ".new"
    if os.path.lexists(temporary):
        os.unlink(temporary)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(content)
        os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)
    os.replace(temporary, target)


def main():
    settings = load_settings(sys.argv, ["directory", "files", "fileMode", "variablePrefix"], say)
    # Process 1 of a container has no default handlers: without this one the pod would wait for KILL.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_TERMINATED))
    try:
        rendered = {path: render(path, template, settings["variablePrefix"]) for path, template in settings["files"].items()}
        for path, content in rendered.items():
            write(settings["directory"], path, content, settings["fileMode"])
    except RenderError as error:
        say(str(error))
        sys.exit(EXIT_FAILED)
    except OSError as error:
        say(f"cannot write {error.filename or settings['directory']}: {error.strerror}")
        sys.exit(EXIT_FAILED)
    say(f"wrote {', '.join(rendered)} in {settings['directory']}")


if __name__ == "__main__":
    main()
