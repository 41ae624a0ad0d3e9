"""A stand-in for the GitHub REST API on 127.0.0.1: issues, comments, pulls and git data of one repository."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE = 100


class StandIn:
    """What the host keeps, and everything it was asked."""

    def __init__(self) -> None:
        self.issues, self.comments, self.pulls, self.labels = [], [], [], set()
        self.blobs, self.trees, self.commits = {}, {"t0": {}}, {"c0": "t0"}
        self.refs = {"main": "c0"}
        self.calls, self.tokens = [], set()
        self.read_only = False
        self.broken = 0
        self.bot = "Bot"
        handler = type("Handler", (_Handler,), {"host": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def count(self, method, pattern=""):
        return sum(one.startswith(method) and re.search(pattern, one) is not None for one in self.calls)

    def issue(self, body, *, state="open", labels=("contract-drift",), **facts):
        one = {
            "number": len(self.issues) + len(self.pulls) + 1,
            "body": body,
            "state": state,
            "title": "t",
            **facts,
        }
        self.issues.append({**one, "labels": [{"name": name} for name in labels]})
        return self.issues[-1]

    def comment(self, number, body, kind="User"):
        self.comments.append(
            {"id": 1000 + len(self.comments), "issue": number, "body": body, "user": {"type": kind}}
        )
        return self.comments[-1]

    def files(self, branch):
        return {name: self.blobs[sha] for name, sha in self.trees[self.commits[self.refs[branch]]].items()}


class _Handler(BaseHTTPRequestHandler):
    host: StandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def _answer(self, status, value, headers=()):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _handle(self):
        url = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        self.host.calls.append(f"{self.command} {self.path}")
        self.host.tokens.add(self.headers.get("authorization"))
        if self.host.broken:
            return self._answer(self.host.broken, {"message": "::error::\x1b[31mout of order"})
        if self.host.read_only and self.command != "GET":
            return self._answer(403, {"message": "Resource not accessible by integration"})
        path = url.path.removeprefix("/repos/acme/app/")
        for method, pattern, name in _ROUTES:
            found = re.fullmatch(pattern, path)
            if method == self.command and found:
                query = {key: values[0] for key, values in parse_qs(url.query).items()}
                return getattr(self, name)(*found.groups(), query if method == "GET" else body)
        return self._answer(404, {"message": "Not Found"})

    do_GET = do_POST = do_PATCH = _handle  # noqa: N815 -- the names that http.server calls

    def _page(self, rows, query):
        number, size = int(query.get("page", 1)), min(int(query.get("per_page", 30)), PAGE)
        cut = rows[(number - 1) * size : number * size]
        more = number * size < len(rows)
        base = f"{self.host.url}{urlsplit(self.path).path}"
        rest = "&".join(f"{k}={v}" for k, v in query.items() if k != "page")
        link = [("link", f'<{base}?{rest}&page={number + 1}>; rel="next"')] if more else []
        self._answer(200, cut, link)

    def list_issues(self, query):
        rows = [one for one in self.host.issues if query.get("state") in {"all", one["state"]}]
        rows = [
            one for one in rows if query.get("labels") in {None, *(label["name"] for label in one["labels"])}
        ]
        self._page(rows[::-1], query)

    def new_issue(self, body):
        one = self.host.issue(body["body"], title=body["title"], labels=tuple(body["labels"]))
        self._answer(201, one)

    def change_issue(self, number, body):
        one = next(one for one in self.host.issues if one["number"] == int(number))
        one.update(body)
        self._answer(200, one)

    def list_comments(self, number, query):
        self._page([one for one in self.host.comments if one["issue"] == int(number)], query)

    def new_comment(self, number, body):
        self._answer(201, self.host.comment(int(number), body["body"], self.host.bot))

    def change_comment(self, number, body):
        one = next(one for one in self.host.comments if one["id"] == int(number))
        one.update(body)
        self._answer(200, one)

    def new_label(self, body):
        known = body["name"] in self.host.labels
        self.host.labels.add(body["name"])
        self._answer(422 if known else 201, {"message": "Validation Failed"} if known else body)

    def list_pulls(self, query):
        head = query["head"].partition(":")[2]
        self._page([one for one in self.host.pulls if one["head"] == head], query)

    def new_pull(self, body):
        number = len(self.host.issues) + len(self.host.pulls) + 1
        self.host.pulls.append({"number": number, "state": "open", **body})
        self._answer(201, self.host.pulls[-1])

    def change_pull(self, number, body):
        one = next(one for one in self.host.pulls if one["number"] == int(number))
        one.update(body)
        self._answer(200, one)

    def get_ref(self, name, _):
        self._answer(
            200, {"object": {"sha": self.host.refs[name]}}
        ) if name in self.host.refs else self._answer(404, {})

    def new_ref(self, body):
        name = body["ref"].removeprefix("refs/heads/")
        if name in self.host.refs:
            return self._answer(422, {"message": "Reference already exists"})
        self.host.refs[name] = body["sha"]
        return self._answer(201, {})

    def change_ref(self, name, body):
        assert body["force"] is True
        self.host.refs[name] = body["sha"]
        self._answer(200, {})

    def get_commit(self, sha, _):
        self._answer(200, {"tree": {"sha": self.host.commits[sha]}})

    def new_commit(self, body):
        assert body["parents"] == [self.host.refs["main"]]
        sha = f"c{len(self.host.commits)}"
        self.host.commits[sha] = body["tree"]
        self._answer(201, {"sha": sha})

    def new_tree(self, body):
        tree = dict(self.host.trees[body["base_tree"]])
        for entry in body["tree"]:
            if entry["sha"] is None:
                tree.pop(entry["path"], None)
            else:
                tree[entry["path"]] = entry["sha"]
        sha = f"t{len(self.host.trees)}"
        self.host.trees[sha] = tree
        self._answer(201, {"sha": sha})

    def new_blob(self, body):
        data = base64.b64decode(body["content"])
        sha = hashlib.sha256(data).hexdigest()
        self.host.blobs[sha] = data
        self._answer(201, {"sha": sha})


_ROUTES = (
    ("GET", r"issues", "list_issues"),
    ("POST", r"issues", "new_issue"),
    ("PATCH", r"issues/(\d+)", "change_issue"),
    ("GET", r"issues/(\d+)/comments", "list_comments"),
    ("POST", r"issues/(\d+)/comments", "new_comment"),
    ("PATCH", r"issues/comments/(\d+)", "change_comment"),
    ("POST", r"labels", "new_label"),
    ("GET", r"pulls", "list_pulls"),
    ("POST", r"pulls", "new_pull"),
    ("PATCH", r"pulls/(\d+)", "change_pull"),
    ("GET", r"git/ref/heads/(.+)", "get_ref"),
    ("POST", r"git/refs", "new_ref"),
    ("PATCH", r"git/refs/heads/(.+)", "change_ref"),
    ("GET", r"git/commits/(\w+)", "get_commit"),
    ("POST", r"git/commits", "new_commit"),
    ("POST", r"git/trees", "new_tree"),
    ("POST", r"git/blobs", "new_blob"),
)
