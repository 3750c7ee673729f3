"""The versions of kube-apiserver that are asked, and where their programs are."""

import os
import re
import subprocess
from pathlib import Path

CLUSTER = Path(__file__).resolve().parents[1] / "cluster"
VERSIONS = {29: "v1.29.0", 31: "v1.31.4", 34: "v1.34.4", 37: "v1.37.0"}


def binaries(minor):
    """The folder with kube-apiserver and etcd of a version; builds them where they are missing."""
    if assets := os.environ.get("KUBEBUILDER_ASSETS"):
        told = subprocess.run([Path(assets) / "kube-apiserver", "--version"], check=True, capture_output=True, text=True).stdout
        if re.search(rf"v1\.{minor}\.", told):
            return Path(assets)
    built = subprocess.run([CLUSTER / "build", VERSIONS[minor], "kube-apiserver", "etcd"], check=True, capture_output=True, text=True)
    return Path(built.stdout.strip())
