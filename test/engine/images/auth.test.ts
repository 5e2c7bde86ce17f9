import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCredentialHelper } from "../../../engine/docker/credential-helper.ts";
import { createCredentials, encodeRegistryAuth, type CredentialHelper } from "../../../engine/images/auth.ts";

const basic = (text: string): string => Buffer.from(text).toString("base64");
const noHelper: CredentialHelper = () => Promise.reject(new Error("no helper is expected here"));

function credentials(config: unknown, helper: CredentialHelper = noHelper) {
  return createCredentials({ read: () => JSON.stringify(config), path: "config.json", helper });
}

describe("credentials from the Docker configuration", () => {
  it("finds a registry by host, whatever the form of the key", async () => {
    const found = credentials({
      auths: {
        "https://index.docker.io/v1/": { auth: basic("hub:p:w") },
        "https://ghcr.io/v2/": { auth: basic("gh:pw") },
        "reg.test:5000": { username: "u", password: "p" },
        "token.test": { auth: basic("x:y"), identitytoken: "T" },
      },
    });
    expect(await found.forHost("docker.io")).toMatchObject({ username: "hub", password: "p:w" });
    expect(await found.forHost("ghcr.io")).toMatchObject({ username: "gh", password: "pw" });
    expect(await found.forHost("reg.test:5000")).toMatchObject({ username: "u", password: "p" });
    expect(await found.forHost("token.test")).toMatchObject({ identityToken: "T" });
    expect(await found.forHost("other.test")).toBeUndefined();
  });

  it("asks the registry's own helper before the common store, and the file last", async () => {
    const asked: string[] = [];
    const helper: CredentialHelper = (name, server) => {
      asked.push(`${name} ${server}`);
      return Promise.resolve(name === "own" ? { username: "<token>", secret: "S" } : undefined);
    };
    const found = credentials(
      {
        credsStore: "store",
        credHelpers: { "own.test": "own" },
        auths: { "file.test": { auth: basic("f:g") } },
      },
      helper,
    );
    expect(await found.forHost("own.test")).toMatchObject({ identityToken: "S" });
    expect(await found.forHost("file.test")).toMatchObject({ username: "f" });
    expect(await found.forHost("docker.io")).toBeUndefined();
    expect(asked).toEqual(["own own.test", "store file.test", "store https://index.docker.io/v1/"]);
  });

  it("reads nothing before somebody asks, and says which file is broken", async () => {
    let reads = 0;
    const source = {
      read: () => {
        reads += 1;
        return "{broken";
      },
      path: "/home/u/.docker/config.json",
      helper: noHelper,
    };
    const found = createCredentials(source);
    expect(reads).toBe(0);
    await expect(found.forHost("x.test")).rejects.toThrow("/home/u/.docker/config.json is not valid JSON");
  });

  it("encodes what the engine expects in its header", () => {
    const text = encodeRegistryAuth({ username: "ü?>", password: "p", serverAddress: "r.test" });
    expect(text).toMatch(/^[\w-]+=*$/);
    expect(text.length % 4).toBe(0);
    expect(JSON.parse(Buffer.from(text, "base64url").toString())).toEqual({
      username: "ü?>",
      password: "p",
      serveraddress: "r.test",
    });
  });
});

describe.skipIf(process.platform === "win32")("a credential helper", () => {
  it("gives credentials, knows none, fails, or is missing", async () => {
    const directory = mkdtempSync(join(tmpdir(), "tcompose-helper-"));
    try {
      const script = `#!/bin/sh
read -r server
case "$1 $server" in
  "get good.test") echo '{"ServerURL":"good.test","Username":"u","Secret":"s"}' ;;
  "get none.test") echo "credentials not found in native keychain"; exit 1 ;;
  *) echo "keychain is locked"; exit 1 ;;
esac
`;
      writeFileSync(join(directory, "docker-credential-fake"), script);
      chmodSync(join(directory, "docker-credential-fake"), 0o755);
      const helper = createCredentialHelper({ PATH: `${directory}:${process.env["PATH"] ?? ""}` });
      expect(await helper("fake", "good.test")).toEqual({ username: "u", secret: "s" });
      expect(await helper("fake", "none.test")).toBeUndefined();
      await expect(helper("fake", "bad.test")).rejects.toThrow(/keychain is locked/);
      await expect(helper("absent", "good.test")).rejects.toThrow(
        "docker-credential-absent is not installed",
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
