"""The versions of kube-apiserver that are asked, where their programs are, and how one is started."""

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from ask import Server

CLUSTER = Path(__file__).resolve().parents[1] / "cluster"
VERSIONS = {29: "v1.29.0", 31: "v1.31.4", 34: "v1.34.4", 37: "v1.37.0"}
FIRST_PORT = 7400


def binaries(minor):
    """The folder with kube-apiserver and etcd of a version; builds them where they are missing."""
    if assets := os.environ.get("KUBEBUILDER_ASSETS"):
        told = subprocess.run([Path(assets) / "kube-apiserver", "--version"], check=True, capture_output=True, text=True).stdout
        if re.search(rf"v1\.{minor}\.", told):
            return Path(assets)
    built = subprocess.run([CLUSTER / "build", VERSIONS[minor], "kube-apiserver", "etcd"], check=True, capture_output=True, text=True)
    return Path(built.stdout.strip())


@contextmanager
def server(minor, running):
    """The server of a version: of those that run already, or one that is started here and ended again."""
    if minor in running:
        yield connect(minor, running[minor])
        return
    with tempfile.TemporaryDirectory(prefix="agreement-") as run:
        port = FIRST_PORT + minor * 10
        try:
            subprocess.run([CLUSTER / "start", binaries(minor), run, str(port)], check=True)
            yield connect(minor, port)
        finally:
            subprocess.run([CLUSTER / "stop", run], check=True)


def connect(minor, port):
    found = Server(port)
    status, body = found.request("GET", "/version")
    if status != 200 or json.loads(body)["minor"] != str(minor):
        sys.exit(f"port {port}: no kube-apiserver 1.{minor} answers there: {body.decode()[:200]}")
    return found
