#!/usr/bin/env python3
"""Writes states that Pulumi's own program does not write any more, or only with other providers than the tests have.

    .venv/bin/python3 scripts/pulumi-state.py tests/data/pulumi-made

Each folder is a backend with the stacks infra/staging and infra/empty; beside it stand the outputs and the paths that are secret, in the
form of tests/data/pulumi-state. Nonces and salts are fixed, so the files are the same each time. Secrets of `awskms` and `service`
have keys that a test's own server hands out: awskms.key and service.plaintexts.json. Needs the package `cryptography`.
"""
import base64
import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
BYTES = "803fd3297a5875dc03ca845dda5d2a98"
FLOAT = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
URN = "urn:pulumi:staging::infra::pulumi:pulumi:Stack::infra-staging"
PASSPHRASE = "correct horse: battery/staple"


def b64(data):
    return base64.b64encode(data).decode()


class Cipher:
    """AES-256-GCM as Pulumi writes it, with nonces that count."""

    def __init__(self, key):
        self.key, self.count = AESGCM(key), 0

    def seal(self, text):
        self.count += 1
        nonce = self.count.to_bytes(12, "big")
        return f"v1:{b64(nonce)}:{b64(self.key.encrypt(nonce, text.encode(), None))}"

    def secret(self, value):
        return {SIGNATURE: SECRET, "ciphertext": self.seal(json.dumps(value))}


class Service:
    """Pulumi Cloud: a ciphertext is opaque, and only the service knows what it means."""

    def __init__(self):
        self.plaintexts = {}

    def secret(self, value):
        ciphertext = b64(f"sealed by the service, number {len(self.plaintexts)}".encode())
        self.plaintexts[ciphertext] = b64(json.dumps(value).encode())
        return {SIGNATURE: SECRET, "ciphertext": ciphertext}


class Plain:
    """What an export with secrets in clear has."""

    def secret(self, value):
        return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}


def passphrase():
    salt = bytes(range(8))
    cipher = Cipher(hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), salt, 1_000_000, 32))
    state = {"salt": f"v1:{b64(salt)}:{cipher.seal('pulumi')}"}
    return cipher, {"type": "passphrase", "state": state}


def outputs(by):
    """Outputs of every kind as they are stored, the values they come to, and where secrets are."""
    asset = {SIGNATURE: ASSET, "hash": "0a", "text": "text"}
    archive = {SIGNATURE: ARCHIVE, "hash": "0b", "assets": {"a": asset, "b": {SIGNATURE: ARCHIVE, "path": "./b"}}}
    stored = {
        "text": "text", "number": 1.5, "list": [1, {"a": None}], "asset": asset, "archive": archive,
        "password": by.secret("p@ss"),
        "deep": {"list": ["open", by.secret({"user": "u", "more": [1, True]})]},
        "nested": by.secret({"outer": 1, "inner": by.secret("in a secret")}),
        "component": {SIGNATURE: RESOURCE, "urn": "urn:c", "packageVersion": ""},
        "custom": {SIGNATURE: RESOURCE, "urn": "urn:r", "id": "i-1", "packageVersion": "1.0.0"},
        "secretResource": by.secret({SIGNATURE: RESOURCE, "urn": "urn:r", "id": "i-2"}),
        "bytes": {SIGNATURE: BYTES, "value": "AP8="},
        "nan": {SIGNATURE: FLOAT, "value": "7ff8000000000001"},
        "infinite": [{SIGNATURE: FLOAT, "value": "7ff0000000000000"}, {SIGNATURE: FLOAT, "value": "fff0000000000000"}],
        "unknown": UNKNOWN,
    }
    values = dict(stored)
    values.update({
        "password": "p@ss",
        "deep": {"list": ["open", {"user": "u", "more": [1, True]}]},
        "nested": {"outer": 1, "inner": "in a secret"},
        "component": {"urn": "urn:c"},
        "custom": {"urn": "urn:r", "id": "i-1"},
        "secretResource": {"urn": "urn:r", "id": "i-2"},
        "bytes": "AP8=", "nan": "NaN", "infinite": ["Infinity", "-Infinity"], "unknown": "[unknown]",
    })
    return stored, values, [["password"], ["deep", "list", 1], ["nested"], ["secretResource"]]


def deployment(stored, provider):
    resources = [
        # Neither is the stack itself: one is something else, one has a parent.
        {"urn": "urn:a", "type": "test:index:Thing", "custom": True, "outputs": {"no": 1}},
        {"urn": "urn:b", "type": "pulumi:pulumi:Stack", "custom": False, "parent": URN, "outputs": {"no": 2}},
        {"urn": URN, "type": "pulumi:pulumi:Stack", "custom": False, "parent": "", "outputs": stored},
    ]
    made = {"manifest": {"time": "2026-01-01T00:00:00Z", "magic": "x", "version": "v3.200.0"}, "resources": resources}
    if provider:
        made["secrets_providers"] = provider
    return made


def checkpoint(version, made):
    state = {"stack": "organization/infra/staging", "config": {"infra:x": "y"}, "latest": made}
    if version is None:
        return state
    whole = {"version": version, "checkpoint": state}
    if version == 4:
        whole["features"] = ["refreshBeforeUpdate", "views", "hooks", "taint", "replaceWith", "byteString"]
    return whole


def main(root):
    cipher, provider = passphrase()
    data_key = bytes(range(32, 64))
    service = Service()
    kms = {"url": "awskms://alias/state?region=eu-west-1&context_app=esc-shell", "encryptedkey": b64(b"a blob of KMS")}
    where = {"url": "https://api.pulumi.com", "owner": "old-org", "project": "renamed", "stack": "staging"}
    plain = Plain()
    cases = {
        "unversioned": (None, plain, None),
        "version0": (0, plain, None),
        "version1": (1, plain, None),
        "version2": (2, plain, None),
        "version3": (3, cipher, provider),
        "version4": (4, cipher, provider),
        "exported": ("deployment", plain, None),
        "awskms": (3, Cipher(data_key), {"type": "cloud", "state": kms}),
        "service": (3, service, {"type": "service", "state": where}),
    }
    for name, (version, by, secrets) in cases.items():
        stored, values, paths = outputs(by)
        made = deployment(stored, secrets)
        whole = {"version": 3, "deployment": made} if version == "deployment" else checkpoint(version, made)
        stacks = root / name / ".pulumi" / "stacks" / "infra"
        stacks.mkdir(parents=True, exist_ok=True)
        (stacks.parent.parent / "meta.yaml").write_text("version: 1\n")
        (stacks / "staging.json").write_text(json.dumps(whole, indent=1) + "\n")
        (stacks / "empty.json").write_text(json.dumps({"version": 3, "checkpoint": {"latest": {}}}) + "\n")
        (root / f"{name}.outputs.json").write_text(json.dumps(values, indent=2) + "\n")
        (root / f"{name}.secret-paths.json").write_text(json.dumps(paths) + "\n")
    (root / "passphrase").write_text(PASSPHRASE)
    (root / "awskms.key").write_text(b64(data_key))
    (root / "service.plaintexts.json").write_text(json.dumps(service.plaintexts, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
