"""Writes an image archive of one layer out of a folder, as `docker save` would, with the stop signal of the official image.

The same folder gives the same image: no times and no user names are kept.
"""

import argparse
import hashlib
import io
import json
import os
import tarfile
import tempfile

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
EPOCH = "1970-01-01T00:00:00Z"


def clean(info):
    info.mtime = 0
    info.uname = info.gname = ""
    return None if info.ischr() or info.isblk() else info


def write_layer(root, layer):
    """Writes the folder as a tar file; returns the digest that names the layer."""
    with tarfile.open(fileobj=layer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for entry in sorted(os.listdir(root)):
            tar.add(os.path.join(root, entry), arcname=entry, filter=clean)
    layer.seek(0)
    digest = hashlib.sha256()
    while block := layer.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def image_config(arguments, digest):
    return {
        "architecture": arguments.architecture,
        "os": "linux",
        "created": EPOCH,
        "config": {
            "User": arguments.user,
            "Env": [PATH],
            "Cmd": arguments.command,
            "WorkingDir": "/",
            "ExposedPorts": {f"{port}/tcp": {} for port in arguments.port},
            **({"StopSignal": arguments.stop_signal} if arguments.stop_signal else {}),
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        "history": [{"created": EPOCH}],
    }


def add(archive, name, file, size):
    info = tarfile.TarInfo(name)
    info.size = size
    file.seek(0)
    archive.addfile(info, file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--user", default="")
    parser.add_argument("--port", action="append", default=[])
    parser.add_argument("--stop-signal", default="")
    parser.add_argument("--architecture", default="amd64")
    parser.add_argument("out")
    parser.add_argument("root")
    parser.add_argument("name")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()

    with tempfile.TemporaryFile() as layer, tarfile.open(arguments.out, mode="w") as archive:
        digest = write_layer(arguments.root, layer)
        config = json.dumps(image_config(arguments, digest)).encode()
        config_name = hashlib.sha256(config).hexdigest() + ".json"
        manifest = json.dumps([{"Config": config_name, "RepoTags": [arguments.name], "Layers": ["layer.tar"]}]).encode()
        for name, data in ((config_name, config), ("manifest.json", manifest)):
            add(archive, name, io.BytesIO(data), len(data))
        add(archive, "layer.tar", layer, layer.seek(0, os.SEEK_END))


if __name__ == "__main__":
    main()
