import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { discoverEndpoints, type DiscoverInput, type Discovery } from "../../../engine/docker/discover.ts";
import { UsageError } from "../../../engine/error.ts";

const home = "/home/ana";

function discover(
  change: Partial<DiscoverInput> & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<Discovery> {
  const { files = {}, ...rest } = change;
  const readText = (path: string): Promise<string | undefined> => Promise.resolve(files[path]);
  return discoverEndpoints({ env: {}, home, platform: "linux", readText, ...rest });
}

function contextFiles(name: string, engine: object): Record<string, string> {
  const id = createHash("sha256").update(name).digest("hex");
  return {
    [`${home}/.docker/contexts/meta/${id}/meta.json`]: JSON.stringify({ Endpoints: { docker: engine } }),
  };
}

const config = (currentContext: string): Record<string, string> => ({
  [`${home}/.docker/config.json`]: JSON.stringify({ currentContext }),
});

describe("discoverEndpoints", () => {
  it("prefers the option, then DOCKER_HOST, DOCKER_CONTEXT, the current context, the default places", async () => {
    const files = {
      ...contextFiles("far", { Host: "tcp://far:2375" }),
      ...contextFiles("near", { Host: "tcp://near:2375" }),
      ...config("near"),
    };
    const env = { DOCKER_HOST: "tcp://host:1", DOCKER_CONTEXT: "far" };
    const first = async (input: Parameters<typeof discover>[0]): Promise<string | undefined> =>
      (await discover({ files, ...input })).endpoints[0]?.url;
    expect(await first({ env, host: "tcp://flag:1" })).toBe("tcp://flag:1");
    expect(await first({ env, context: "far" })).toBe("tcp://far:2375");
    expect(await first({ env })).toBe("tcp://host:1");
    expect(await first({ env: { DOCKER_CONTEXT: "far" } })).toBe("tcp://far:2375");
    expect(await first({ env: { DOCKER_HOST: "" } })).toBe("tcp://near:2375");
    expect(await first({ context: "default" })).toBe("unix:///var/run/docker.sock");
    expect(await first({ files: {} })).toBe("unix:///var/run/docker.sock");
  });

  it("uses nothing else when an engine is named", async () => {
    const { endpoints, origin } = await discover({ env: { DOCKER_HOST: "unix:///x.sock" } });
    expect(endpoints).toEqual([{ type: "socket", url: "unix:///x.sock", path: "/x.sock" }]);
    expect(origin).toBe("DOCKER_HOST");
  });

  it("knows rootless, desktop and Podman sockets, Docker's first", async () => {
    const { endpoints, origin } = await discover({ env: { XDG_RUNTIME_DIR: "/run/user/7" } });
    const urls = endpoints.map((endpoint) => endpoint.url);
    expect(origin).toBeUndefined();
    expect(urls).toEqual(
      expect.arrayContaining([
        "unix:///run/user/7/docker.sock",
        "unix:///home/ana/.docker/desktop/docker.sock",
        "unix:///home/ana/.colima/default/docker.sock",
        "unix:///home/ana/.orbstack/run/docker.sock",
        "unix:///home/ana/.rd/docker.sock",
        "unix:///run/user/7/podman/podman.sock",
        "unix:///run/podman/podman.sock",
      ]),
    );
    expect(urls.findIndex((u) => u.includes("podman"))).toBeGreaterThan(
      urls.findLastIndex((u) => u.includes("docker")),
    );
  });

  it("uses named pipes on Windows", async () => {
    const { endpoints } = await discover({ platform: "win32" });
    expect(endpoints[0]).toMatchObject({ type: "socket", path: "\\\\.\\pipe\\docker_engine" });
  });

  it("reads TLS material from DOCKER_CERT_PATH and from contexts", async () => {
    const id = createHash("sha256").update("tls").digest("hex");
    const files = {
      "/certs/ca.pem": "CA",
      "/certs/cert.pem": "CERT",
      "/certs/key.pem": "KEY",
      ...contextFiles("tls", { Host: "tcp://far:2376", SkipTLSVerify: true }),
      [`${home}/.docker/contexts/tls/${id}/docker/ca.pem`]: "CA2",
    };
    const env = { DOCKER_HOST: "tcp://far", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" };
    expect((await discover({ files, env })).endpoints[0]).toMatchObject({
      port: 2376,
      tls: { ca: "CA", cert: "CERT", key: "KEY", verify: true },
    });
    expect((await discover({ files, context: "tls" })).endpoints[0]).toMatchObject({
      tls: { ca: "CA2", verify: false },
    });
    const plain = { DOCKER_HOST: "tcp://far", DOCKER_CERT_PATH: "/certs" };
    expect((await discover({ files, env: plain })).endpoints[0]).toMatchObject({
      port: 2375,
      tls: undefined,
    });
  });

  it("refuses what cannot be used, with what to do", async () => {
    const bad: Partial<DiscoverInput & { files: Record<string, string> }>[] = [
      { host: "10.0.0.1:2375" },
      { host: "tcp://" },
      { host: "ssh://-oProxyCommand=x/" },
      { host: "ssh://user:secret@far" },
      { host: "unix:///a", context: "b" },
      { context: "missing" },
      { files: { [`${home}/.docker/config.json`]: "{" } },
    ];
    for (const input of bad) await expect(discover(input)).rejects.toBeInstanceOf(UsageError);
    await expect(discover({ host: "ssh://user:secret@far" })).rejects.not.toThrow(/secret/);
  });

  it("reads ssh addresses", async () => {
    const { endpoints } = await discover({ host: "ssh://ana@far.test:2222/run/user/7/docker.sock" });
    expect(endpoints[0]).toMatchObject({
      type: "ssh",
      user: "ana",
      host: "far.test",
      port: 2222,
      socket: "/run/user/7/docker.sock",
    });
  });
});
