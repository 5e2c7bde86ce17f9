import { describe, expect, it } from "vitest";
import { toSolveRequest } from "../../../engine/build/attributes.ts";
import { buildKey, representativeService } from "../../../engine/build/coalesce.ts";
import { locateStep, hasSyntaxDirective } from "../../../engine/build/dockerfile.ts";
import { ignoredAttributes, supportsNamedContexts } from "../../../engine/build/capability.ts";
import { namedContexts } from "../../../engine/build/named-context.ts";
import { createBuildRequest } from "../../../engine/build/request.ts";
import { RefusedError } from "../../../engine/error.ts";
import type { ImageBuild } from "../../../engine/plan/operation.ts";
import type { Build } from "../../../schema/model.ts";

const facts = { engineName: "Docker 28.5.2", hasContainerdStore: false, hostGateway: "172.17.0.1" };

function operation(build: Build, more: Partial<ImageBuild> = {}): ImageBuild {
  return {
    id: "image.build:web",
    kind: "image.build",
    resource: { type: "image", name: "web" },
    cause: { type: "missing" },
    dependsOn: [],
    service: "web",
    tags: ["app-web"],
    build: { context: "/src", ...build },
    ...more,
  };
}

function attributes(build: Build, more: Partial<ImageBuild> = {}): Readonly<Record<string, string>> {
  const identity = { project: "app", version: "1", labelledService: "web" };
  const request = createBuildRequest(operation(build, more), identity, { FROM_ENV: "e" });
  const named = namedContexts(request, (service) => `img-${service}`, facts.engineName);
  return toSolveRequest(request, named, facts, "s").frontendAttributes;
}

describe("a build in the builder's words", () => {
  it("has the client's proxies as arguments, unless it sets them itself", () => {
    const proxies = { HTTP_PROXY: "http://p:1", NO_PROXY: "x" };
    const identity = { project: "app", version: "1", labelledService: "web", proxies };
    const { args } = createBuildRequest(operation({ args: { NO_PROXY: "own", A: "1" } }), identity, {});
    expect(args).toEqual({ HTTP_PROXY: "http://p:1", NO_PROXY: "own", A: "1" });
  });

  it("has arguments, labels, target, limits and hosts", () => {
    expect(
      attributes({
        args: { A: "1", FROM_ENV: null, UNSET: null },
        labels: { x: "y" },
        target: "prod",
        shm_size: "64m",
        ulimits: { nofile: { soft: 1, hard: 2 }, nproc: 3 },
        extra_hosts: ["a=1.2.3.4", "b:::1", "c=[fe80::1]", "d=host-gateway"],
        network: "none",
        no_cache_filter: ["one", "two"],
      }),
    ).toEqual({
      "add-hosts": "a=1.2.3.4,b=::1,c=fe80::1,d=172.17.0.1",
      "build-arg:A": "1",
      "build-arg:FROM_ENV": "e",
      filename: "Dockerfile",
      "force-network-mode": "none",
      "image-resolve-mode": "default",
      "label:com.docker.compose.project": "app",
      "label:com.docker.compose.service": "web",
      "label:com.docker.compose.version": "1",
      "label:x": "y",
      "no-cache": "one,two",
      "shm-size": "67108864",
      target: "prod",
      ulimit: "nofile=1:2,nproc=3:3",
    });
  });

  it("lets flags of the command win over the file", () => {
    const found = attributes(
      { platforms: ["linux/arm64"] },
      { noCache: true, pull: true, platform: "linux/amd64" },
    );
    expect(found).toMatchObject({ "no-cache": "", "image-resolve-mode": "pull", platform: "linux/amd64" });
  });

  it("leaves remote contexts to the builder", () => {
    expect(
      attributes({ context: "https://git.test/a.git#main:dir", dockerfile: "d/Dockerfile" }),
    ).toMatchObject({
      context: "https://git.test/a.git#main:dir",
      filename: "d/Dockerfile",
    });
    expect(attributes({ context: "git@git.test:a/b.git", dockerfile_inline: "FROM scratch" })).toMatchObject({
      dockerfilekey: "dockerfile",
    });
  });

  it("names additional contexts", () => {
    expect(
      attributes({
        additional_contexts: { lib: "/lib", base: "service:db", img: "docker-image://alpine", context: "/c" },
      }),
    ).toMatchObject({
      "context:lib": "local:lib",
      "context:base": "docker-image://img-db",
      "context:img": "docker-image://alpine",
      "context:context": "local:_context",
    });
  });

  it("imports caches of registries", () => {
    expect(attributes({ cache_from: ["reg.test/a:cache", "type=registry,ref=reg.test/b"] })).toMatchObject({
      "cache-imports": JSON.stringify([
        { Type: "registry", Attrs: { ref: "reg.test/a:cache" } },
        { Type: "registry", Attrs: { ref: "reg.test/b" } },
      ]),
    });
  });

  it.each<Build>([
    { isolation: "hyperv" },
    { provenance: "true" },
    { sbom: "true" },
    { cache_from: ["type=local,src=x"] },
    { cache_to: ["type=gha"] },
    { network: "app_default" },
    { additional_contexts: { x: "oci-layout://y" } },
  ])("refuses %o, naming the engine", (build) => {
    expect(() => attributes(build)).toThrow(RefusedError);
    expect(() => attributes(build)).toThrow(/Docker 28\.5\.2/);
  });

  it("is for several platforms, and writes caches, where the engine's store can hold them", () => {
    const platforms = ["linux/amd64", "linux/arm64"];
    const cache = { cache_to: ["type=registry,ref=reg.test/c"] };
    expect(() => attributes({}, { platforms })).toThrow(/keeps one platform.*linux\/amd64, linux\/arm64/);
    expect(() => attributes(cache)).toThrow(/cache_to.*"registry"/);
    expect(attributes({}, { platforms, platform: "linux/arm64" })["platform"]).toBe("linux/arm64");
    const build = createBuildRequest(
      operation(cache, { platforms }),
      { project: "app", version: "1", labelledService: "web" },
      {},
    );
    const request = toSolveRequest(build, [], { ...facts, hasContainerdStore: true }, "s");
    expect(request.frontendAttributes["platform"]).toBe("linux/amd64,linux/arm64");
    expect(request.cacheTo).toEqual([{ type: "registry", attributes: { ref: "reg.test/c" } }]);
  });

  it("knows what older engines drop", () => {
    expect(supportsNamedContexts("1.41", false)).toBe(false);
    expect(supportsNamedContexts("1.41", true)).toBe(true);
    expect(supportsNamedContexts("1.51", false)).toBe(true);
    const limits = { build: { ulimits: { nofile: 1 }, shm_size: "1m" }, memory: undefined };
    expect(ignoredAttributes(limits, "1.41")).toEqual(["build.shm_size", "build.ulimits"]);
    expect(ignoredAttributes(limits, "1.42")).toEqual([]);
    expect(ignoredAttributes({ build: {}, memory: 1 }, "1.42")).toEqual(["--memory"]);
  });
});

describe("equal builds", () => {
  it("are equal whatever the order of keys and the names", () => {
    const one = operation({ args: { A: "1", B: "2" }, tags: ["x"] });
    const other = operation({ tags: ["y"], args: { B: "2", A: "1" } }, { service: "api", tags: ["app-api"] });
    expect(buildKey(one)).toBe(buildKey(other));
    expect(buildKey(one)).not.toBe(buildKey(operation({ args: { A: "1" } })));
    expect(buildKey(one)).not.toBe(buildKey({ ...one, noCache: true }));
  });

  it("carry the label of the first service in the stack's order", () => {
    const builds = new Map<string, Build>([
      ["api", { context: "/src" }],
      ["web", { context: "/src" }],
    ]);
    expect(representativeService(operation({}), builds)).toBe("api");
    expect(representativeService(operation({ target: "x" }), builds)).toBe("web");
  });
});

describe("Dockerfile lines", () => {
  const text =
    "# syntax=docker/dockerfile:1\nFROM a AS b\n\nRUN one && \\\n  # inside\n  two\nRUN --mount=type=cache,target=/x three\nrun twice\nRUN twice\n";

  it("finds the instruction of a step", () => {
    expect(locateStep(text, "[b 2/5] RUN one && two")).toBe(4);
    expect(locateStep(text, "[b 3/5] RUN --mount=type=cache,target=/x three")).toBe(7);
    expect(locateStep(text, "[b 4/5] RUN twice")).toBeUndefined();
    expect(locateStep(text, "[internal] load build context")).toBeUndefined();
  });

  it("sees the syntax directive at the top only", () => {
    expect(hasSyntaxDirective(text)).toBe(true);
    expect(hasSyntaxDirective("# escape=`\n# syntax=x\n")).toBe(true);
    expect(hasSyntaxDirective("FROM a\n# syntax=x\n")).toBe(false);
    expect(hasSyntaxDirective("# just words\n# syntax=x\n")).toBe(false);
  });
});
