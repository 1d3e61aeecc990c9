#!/usr/bin/env python3
"""Links into the web pages of a demo: who opens one is logged in. For invented people, and on this machine alone.

Reads who there is from a file, a line each: host|role|name|organisation|socket of its agent|port of its page, and of a guest
who invited them. Staff get an account, made as an administrator would make it and set up over the network, with a password and a second factor that
nobody else knows; a guest (role "guest", with table/guest for a name) gets a new link to that meeting each time. A person's
link leads to a host of their own, NAME.localhost, so that one browser can be several people at once: a cookie knows of no
ports. Writes the links to the file named, a line each: role, name, organisation, link; then serves them until it is stopped.
"""
import argparse
import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import secrets
import socket
import struct
import threading
import time
import urllib.parse

STEP = 30  # Seconds that a code of an authenticator app holds.


class Refused(RuntimeError):
    """What an agent did not do."""


class Busy(RuntimeError):
    """A code works once: the next one comes in a moment."""


def answer_of(connection, method, path, body, headers):
    text = None if body is None else json.dumps(body).encode()
    if text is not None:
        headers = {**headers, "Content-Type": "application/json"}
    try:
        connection.request(method, path, text, headers)
        response = connection.getresponse()
        content = json.loads(response.read() or b"{}")
    finally:
        connection.close()
    return response, content


class OverSocket(http.client.HTTPConnection):
    """To an agent's own socket, where one says who one is."""

    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def code_of(secret, step):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Door:
    """One person's way in."""

    def __init__(self, host, role, name, organisation, path, port):
        self.host, self.role, self.name, self.organisation, self.path, self.port = host, role, name, organisation, path, int(port)
        self.page = f"http://{host}.localhost:{self.port}/"
        self.lock = threading.Lock()
        self.browser = "deploy/demo"

    def local(self, method, path, body=None, *, person="Demo", role="coordinator"):
        headers = {"Schakel-Person": urllib.parse.quote(person), "Schakel-Role": role}
        response, content = answer_of(OverSocket(self.path), method, path, body, headers)
        if response.status >= 300:
            raise Refused(f"{path}: {response.status} {content.get('title')}")
        return content

    def over_network(self, method, path, body=None, cookie=None):
        headers = {"Host": f"{self.host}.localhost:{self.port}", "User-Agent": self.browser}
        if cookie:
            headers["Cookie"] = cookie.split(";")[0]
        return answer_of(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60), method, path, body, headers)

    def prepare(self):
        """Before the first visit."""


class Staff(Door):
    """Has an account. Its session is shared by all who open the link, for as long as it lasts."""

    def prepare(self):
        self.password = secrets.token_urlsafe(24)
        invitation = self.invited()["link"].rsplit("/", 1)[1]
        _, setup = self.over_network("POST", "/v1/setup/look", {"invitation": invitation})
        self.secret, self.used = setup["totp_secret"], 0
        self.cookie = self.enter("/v1/setup", {"invitation": invitation})

    def invited(self):
        known = self.local("GET", "/v1/people?limit=200", role="administrator")["people"]
        before = next((one["id"] for one in known if one["login"] == self.host), None)
        if before:  # These doors were open before.
            return self.local("POST", f"/v1/people/{before}/reset", {}, role="administrator")
        person = {"login": self.host, "name": self.name, "roles": self.role.split("+")}
        return self.local("POST", "/v1/people", person, role="administrator")

    def enter(self, path, who):
        now = int(time.time()) // STEP
        step = max(now, self.used + 1)
        if step > now + 1:  # An agent takes the code of the next half minute too, and no later one.
            raise Busy()
        body = {**who, "password": self.password, "code": code_of(self.secret, step)}
        response, content = self.over_network("POST", path, body)
        if response.status >= 300:
            raise Refused(f"{path}: {response.status} {content.get('title')}")
        self.used = step
        return response.headers["Set-Cookie"]

    def open(self):
        if self.over_network("GET", "/v1/session", cookie=self.cookie)[0].status != 200:
            self.cookie = self.enter("/v1/login", {"login": self.host})
        return self.page, self.cookie


class Guest(Door):
    """Has no account: a link to one meeting, and what it says about themself."""

    def __init__(self, host, role, name, organisation, path, port, inviter):
        super().__init__(host, role, name, organisation, path, port)
        self.inviter = inviter
        self.table, self.guest = name.split("/")

    def prepare(self):
        listed = self.local("GET", f"/v1/tables/{self.table}/guests", person=self.inviter)["guests"]
        self.name = next(one["name"] for one in listed if one["id"].startswith(self.guest))

    def open(self):
        link = self.local("POST", f"/v1/tables/{self.table}/guests/{self.guest}/link", {}, person=self.inviter)["link"]
        return self.page + link[link.index("#"):], None


def handler_of(doors, key, port):
    hosts = {f"{door.host}.localhost:{port}": door for door in doors}

    class Handler(http.server.BaseHTTPRequestHandler):
        """Answers its links, under the names that they were given, and nothing else."""

        server_version, sys_version = "schakel-demo", ""

        def do_GET(self):
            door = hosts.get(self.headers.get("Host", ""))
            if door is None or not hmac.compare_digest(self.path.encode(), f"/{key}".encode()):
                return self.say(404, "There is nothing here: use a link that deploy/demo printed.")
            with door.lock:
                door.browser = self.headers.get("User-Agent", door.browser)
                try:
                    page, cookie = door.open()
                except Busy:
                    return self.say(503, "A code works once; the next one comes within half a minute. This page tries again by itself.", Refresh="3")
                except (Refused, OSError) as error:
                    return self.say(502, f"The agent of this demo does not let anybody in: {error}")
            headers = {"Location": page}
            if cookie:
                headers["Set-Cookie"] = cookie
            return self.say(303, "", **headers)

        def say(self, status, text, **headers):
            body = text.encode()
            self.send_response(status)
            for name, value in {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), "Cache-Control": "no-store",
                                "Referrer-Policy": "no-referrer", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code="-", size="-"):
            """Says nothing: the key stands in the address."""

    return Handler


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--people", required=True, help="the file that says who there is")
    parser.add_argument("--links", required=True, help="the file to write them to")
    options = parser.parse_args()
    with open(options.people, encoding="utf-8") as people:
        rows = [line.rstrip("\n").split("|") for line in people if line.strip()]
    doors = [(Guest if row[1] == "guest" else Staff)(*row) for row in rows]
    for door in doors:
        door.prepare()
    key = secrets.token_urlsafe(9)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), handler_of(doors, key, options.port))
    made = options.links + ".new"
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as links:
        for door in doors:
            print(door.role, door.name, door.organisation, f"http://{door.host}.localhost:{options.port}/{key}", sep="\t", file=links)
    os.rename(made, options.links)
    server.serve_forever()


if __name__ == "__main__":
    main()
