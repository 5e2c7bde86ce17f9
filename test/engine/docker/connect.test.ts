import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectEngine } from "../../../engine/docker/connect.ts";
import { unreachableHint } from "../../../engine/docker/hint.ts";
import { EngineUnreachableError, RefusedError } from "../../../engine/error.ts";
import { startEngineServer } from "../../support/engine-server.ts";

const home = "/nonexistent";

describe("connectEngine", () => {
  it("negotiates the version and tells Podman from Docker with one ping", async () => {
    const answers = [
      { offered: "1.41", server: "Docker/20.10.24 (linux)", expected: ["1.41", "docker"] },
      { offered: "1.60", server: "Docker/31.0.0 (linux)", expected: ["1.51", "docker"] },
      { offered: "1.41", server: "Libpod/4.3.1 (linux)", expected: ["1.41", "podman"] },
    ];
    for (const { offered, server: name, expected } of answers) {
      await using server = await startEngineServer(() => undefined, {
        ping: (_request, response) =>
          response.setHeader("Api-Version", offered).setHeader("Server", name).end(),
      });
      const engine = await connectEngine({ env: {}, home, host: server.host });
      expect([engine.apiVersion, engine.flavour]).toEqual(expected);
      expect(engine.endpoint).toBe(server.host);
      expect(server.requests).toEqual(["GET /_ping"]);
      engine.close();
    }
  });

  it("takes DOCKER_API_VERSION as it is, and refuses engines that are too old", async () => {
    await using server = await startEngineServer(() => undefined, {
      ping: (_request, response) => response.setHeader("Api-Version", "1.40").end(),
    });
    const { host } = server;
    await expect(connectEngine({ env: {}, home, host })).rejects.toBeInstanceOf(RefusedError);
    const engine = await connectEngine({ env: { DOCKER_API_VERSION: "1.43" }, home, host });
    expect(engine.apiVersion).toBe("1.43");
    engine.close();
  });

  it("falls to the next default place, and lists all with reasons when none answers", async () => {
    const runtime = await mkdtemp(join(tmpdir(), "tcompose-runtime-"));
    const failure = await connectEngine({
      env: { XDG_RUNTIME_DIR: runtime },
      home: runtime,
      // Not Linux: so that no engine of this machine is found.
      platform: "win32",
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineUnreachableError);
    expect(failure).toMatchObject({ message: "no container engine answers", hint: "start Docker Desktop" });
    const { tried } = failure as EngineUnreachableError;
    expect(tried.length).toBeGreaterThan(1);
    expect(tried[0]?.reason).toMatch(/no such socket/);
    await rm(runtime, { recursive: true });
  });

  it("says what is wrong with a named engine", async () => {
    const directory = await mkdtemp(join(tmpdir(), "tcompose-connect-"));
    const connect = (host: string): Promise<unknown> =>
      connectEngine({ env: { DOCKER_HOST: host }, home }).catch((error: unknown) => error);
    expect(await connect(`unix://${directory}/none.sock`)).toMatchObject({
      message: expect.stringMatching(/none\.sock: there is no such socket \(ENOENT\)/),
      hint: expect.stringContaining("DOCKER_HOST"),
    });
    await writeFile(join(directory, "file"), "");
    expect(await connect(`unix://${directory}/file`)).toBeInstanceOf(EngineUnreachableError);
    await using web = await startEngineServer(() => undefined, {
      ping: (_request, response) => response.end("<html>"),
    });
    expect(await connect(web.host)).toMatchObject({
      message: expect.stringContaining("not as a container engine"),
    });
    const talker = createServer((socket) => socket.end("220 smtp ready\r\n"));
    await new Promise<void>((resolve) => talker.listen(join(directory, "smtp.sock"), resolve));
    expect(await connect(`unix://${directory}/smtp.sock`)).toMatchObject({
      message: expect.stringContaining("does not speak HTTP"),
    });
    talker.close();
    await rm(directory, { recursive: true });
  });

  it("reaches an engine through ssh, and tells what ssh said when it cannot", async () => {
    await using server = await startEngineServer((_request, response) => response.end("[]"));
    const directory = await mkdtemp(join(tmpdir(), "tcompose-ssh-"));
    const bridge = `#!${process.execPath}
const { connect } = require("node:net");
const { appendFileSync } = require("node:fs");
appendFileSync(${JSON.stringify(join(directory, "arguments"))}, process.argv.slice(2).join(" ") + "\\n");
if (process.argv.includes("refused")) { console.error("ssh: Connection refused"); process.exit(255); }
const socket = connect(${JSON.stringify(server.path)});
process.stdin.pipe(socket);
socket.pipe(process.stdout);
`;
    await writeFile(join(directory, "ssh"), bridge);
    await chmod(join(directory, "ssh"), 0o755);
    const env = { PATH: `${directory}${delimiter}${process.env["PATH"] ?? ""}` };
    const engine = await connectEngine({ env, home, host: "ssh://ana@far:22" });
    expect(await engine.listContainers()).toEqual([]);
    expect(server.requests).toHaveLength(2);
    engine.close();
    await expect(connectEngine({ env, home, host: "ssh://refused" })).rejects.toThrow(/Connection refused/);
    await rm(directory, { recursive: true });
  });
});

describe("unreachableHint", () => {
  const tried = [{ endpoint: "unix:///var/run/docker.sock", reason: "there is no such socket (ENOENT)" }];
  const facts = { platform: "linux", origin: undefined, tried, installed: new Set<string>() };

  it("names the one command that helps here", () => {
    const denied = [{ endpoint: "unix:///var/run/docker.sock", reason: "permission denied (EACCES)" }];
    expect(unreachableHint({ ...facts, tried: denied })).toContain("usermod -aG docker");
    expect(unreachableHint({ ...facts, installed: new Set(["dockerd", "systemd"]) })).toContain(
      "systemctl start docker",
    );
    expect(unreachableHint({ ...facts, installed: new Set(["dockerd"]) })).toContain("service docker start");
    expect(unreachableHint({ ...facts, installed: new Set(["podman", "systemd"]) })).toContain(
      "podman.socket",
    );
    expect(unreachableHint(facts)).toContain("install");
    const mac = { ...facts, platform: "darwin" };
    expect(unreachableHint({ ...mac, installed: new Set(["colima"]) })).toContain("colima start");
    expect(unreachableHint({ ...facts, origin: "DOCKER_HOST" })).toContain("DOCKER_HOST");
  });
});
