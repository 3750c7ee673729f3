#!/usr/bin/env python3
"""The server's side of the agreement: asks a kube-apiserver for its verdict on documents.

ask.py PORT < documents > theirs: a line in is {"id": ..., "document": {...}}, a line out is
{"id": ..., "status": 201, "causes": [[REASON, FIELD, MESSAGE], ...]}; 2xx is accepted. The server is one that `start` started.
"""
import http.client
import json
import ssl
import sys

# What a server says to a bare Pod with a token of its account where nothing gives Pods an account. In every cluster the admission of
# ServiceAccounts does, before the Pod is looked at; the controllers that make the account "default" for it do not run here.
MISSES_ACCOUNT = "must not be specified when serviceAccountName is not set"
HEADERS = {"Authorization": "Bearer admin", "Content-Type": "application/json"}


class Server:
    def __init__(self, port):
        self.port = port
        self.connection = None
        self.resources = {}

    def request(self, method, path, body=None):
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    context = ssl._create_unverified_context()
                    self.connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=30)
                self.connection.request(method, path, body, HEADERS)
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                self.connection = None
                if attempt == 2:
                    # A handler that panics closes the connection without an answer.
                    return 0, b""

    def resource(self, api_version, kind):
        """Plural name and whether it is namespaced, or None where the server does not serve the kind."""
        if api_version not in self.resources:
            root = "/api/" if "/" not in api_version else "/apis/"
            status, body = self.request("GET", root + api_version)
            listed = json.loads(body).get("resources", []) if status == 200 else []
            self.resources[api_version] = {
                entry["kind"]: (entry["name"], entry["namespaced"]) for entry in listed if "/" not in entry["name"]
            }
        return self.resources[api_version].get(kind)

    def verdict(self, document):
        """The status and the causes of a refusal; what is accepted has none."""
        status, answer = self.create(document)
        if MISSES_ACCOUNT in answer.get("message", "") and document.get("kind") == "Pod":
            status, answer = self.create({**document, "spec": {**document["spec"], "serviceAccountName": "default"}})
        if 200 <= status < 300:
            return status, []
        if status == 0:
            return 0, [["NoAnswer", "", ""]]
        causes = [
            [cause.get("reason", ""), cause.get("field", ""), cause.get("message", "")]
            for cause in (answer.get("details") or {}).get("causes", [])
        ]
        return status, causes or [[answer.get("reason", ""), "", answer.get("message", "")]]

    def create(self, document):
        """The status and the answer to a dry run: the object as it would be kept, or why it would not."""
        api_version, kind = document.get("apiVersion"), document.get("kind")
        resource = self.resource(api_version, kind) if isinstance(api_version, str) and isinstance(kind, str) else None
        if resource is None:
            return 404, {"reason": "NotFound", "message": f"no {kind} in {api_version}"}
        plural, namespaced = resource
        root = "/api/" if "/" not in api_version else "/apis/"
        namespace = (document.get("metadata") or {}).get("namespace") if isinstance(document.get("metadata"), dict) else None
        space = f"namespaces/{namespace if isinstance(namespace, str) and namespace.isalnum() else 'default'}/" if namespaced else ""
        path = f"{root}{api_version}/{space}{plural}?dryRun=All&fieldValidation=Strict"
        status, body = self.request("POST", path, json.dumps(document))
        return status, json.loads(body) if status else {}


def main():
    server = Server(int(sys.argv[1]))
    for line in sys.stdin:
        entry = json.loads(line)
        status, causes = server.verdict(entry["document"])
        print(json.dumps({"id": entry["id"], "status": status, "causes": sorted(causes)}))


if __name__ == "__main__":
    main()
