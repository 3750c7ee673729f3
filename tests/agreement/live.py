"""Examples on real servers: which there are, what they render to, and what a cluster must have before it takes them."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

from servers import CLUSTER

ROOT = Path(__file__).resolve().parents[2]
# A cluster has these from the start.
STANDING = {"default", "kube-node-lease", "kube-public", "kube-system"}


class Refused(Exception):
    """A program ended with an error; what it said."""


def run(*command, **options):
    """What a program prints; Refused where it fails."""
    ended = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if ended.returncode != 0:
        raise Refused((ended.stderr or ended.stdout).strip())
    return ended.stdout


def built():
    """The folder with the programs of a simulated cluster, and the definitions of the custom kinds."""
    return Path(run(CLUSTER / "build").strip())


def examples(profiles):
    """Every example with every profile, the gallery with those that it is made for: (NAME, STACK, PROFILE)."""
    for stack in sorted(ROOT.glob("examples/*/stack.toml")):
        for profile in profiles:
            yield stack.parent.name, stack, profile
    for stack in sorted(ROOT.glob("examples/gallery/*/stack.toml")):
        declared = next(line for line in stack.read_text().splitlines() if line.startswith("profiles = "))
        for profile in profiles:
            if f'"{profile}"' in declared:
                yield f"gallery/{stack.parent.name}", stack, profile


def built_in_profiles(binary):
    # from the root of the disk, so that no folder `profiles` is taken for one beside a stack
    return run(binary, "profiles", "list", "-q", cwd="/").split()


class Render:
    """What an example is under a profile, as the manifests and as objects."""

    def __init__(self, binary, stack, profile, *options):
        self.text = run(binary, "render", "-f", stack, "-p", profile, *options)
        self.objects = json.loads(run(binary, "render", "-f", stack, "-p", profile, "-o", "json", *options))["items"]
        self.digest = hashlib.sha256(self.text.encode()).hexdigest()
        # Where the objects go that name no namespace.
        self.own = f"{stack.parent.name}-{profile}"

    def namespaces(self):
        """Those that it fills, without those that every cluster has."""
        brought = [item["metadata"]["name"] for item in self.objects if item["kind"] == "Namespace"]
        named = [item["metadata"]["namespace"] for item in self.objects if "namespace" in item["metadata"]]
        return list(dict.fromkeys(name for name in brought + named or [self.own] if name not in STANDING))

    def definitions(self):
        return [item["metadata"]["name"] for item in self.objects if item["kind"] == "CustomResourceDefinition"]

    def flags(self):
        """What kubectl must be told beside the file."""
        is_placed = any("namespace" in item["metadata"] or item["kind"] == "Namespace" for item in self.objects)
        return [] if is_placed else ["--namespace", self.own]

    def inventory(self, what):
        stream = "".join(json.dumps(item) + "\n" for item in self.objects)
        return run(CLUSTER / "inventory", what, self.own, input=stream)


class Kubectl:
    """kubectl, at one server; `work` is a folder for files."""

    def __init__(self, kubeconfig, work):
        self.environment = {
            "PATH": f"{built()}:{os.environ['PATH']}", "HOME": str(work), "KUBECONFIG": str(kubeconfig), "KUBECACHEDIR": str(Path(work) / "cache"),
        }  # fmt: skip

    def __call__(self, *arguments, manifests=None):
        stdin = {} if manifests is None else {"input": manifests}
        return run("kubectl", *arguments, env=self.environment, **stdin)


def write_kubeconfig(folder, port):
    """What kubectl needs for a server that `start` started; the file is put into the folder."""
    entry = lambda kind, what: [{"name": "server", kind: what}]
    path = folder / "kubeconfig"
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "server",
        "clusters": entry("cluster", {"server": f"https://127.0.0.1:{port}", "insecure-skip-tls-verify": True}),
        "users": entry("user", {"token": "admin"}),
        "contexts": entry("context", {"cluster": "server", "user": "server"}),
    }  # fmt: skip
    path.write_text(json.dumps(config))
    return path
