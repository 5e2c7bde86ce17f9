import { describe, expect, it } from "vitest";
import { toBakeFile } from "../../../engine/build/bake.ts";
import { NO_CONTENTS } from "../../../engine/desired/contents.ts";
import { toDesiredState } from "../../../engine/desired/desired.ts";
import { planBuilds, planPushes } from "../../../engine/plan/builds.ts";
import { planToText } from "../../../engine/plan/text.ts";
import { load } from "../../../schema/load.ts";
import type { Stack } from "../../../schema/model.ts";
import { stackOf } from "./support.ts";

const CONTEXTS = `services:
  web:
    build: { context: ., additional_contexts: { base: "service:base" } }
  base:
    image: reg.test/base:1
    scale: 0
    build: { context: base, tags: ["reg.test/base:latest"] }
  other: { image: busybox }
`;

function selected(text: string, services: readonly string[], env: Record<string, string> = {}): Stack {
  const result = load({
    files: {
      read: (path) => (path === "/app/compose.yaml" ? { kind: "text", text } : { kind: "missing" }),
      stat: (path) => (path === "/app/compose.yaml" ? "file" : "missing"),
      realpath: (path) => path,
    },
    cwd: "/app",
    home: "/home/me",
    env,
    configFiles: ["/app/compose.yaml"],
    projectName: "app",
    services,
    noDependencies: true,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.stack;
}

describe("a plan of builds", () => {
  it("builds what a selected build takes as a context, first, whatever its scale", () => {
    const { operations } = planBuilds(selected(CONTEXTS, ["web"]));
    expect(operations.map(({ id, dependsOn }) => [id, dependsOn.map(({ on }) => on)])).toEqual([
      ["image.build:reg.test/base:1", []],
      ["image.build:app-web", ["image.build:reg.test/base:1"]],
    ]);
  });

  it("is known to `up` too when its service is not selected", () => {
    const facts = { apiVersion: "1.51", flavour: "docker" } as const;

    const { buildContexts } = toDesiredState(selected(CONTEXTS, ["web"]), {
      engine: facts,
      contents: NO_CONTENTS,
    });
    expect(buildContexts.map(({ name, image }) => [name, image.reference])).toEqual([
      ["base", "reg.test/base:1"],
    ]);
  });

  it("pushes what has a name, each name once, after it is built", () => {
    const { operations } = planBuilds(stackOf(CONTEXTS), { push: true });
    const pushes = operations.filter(({ kind }) => kind === "image.push");
    expect(pushes.map(({ resource, dependsOn }) => [resource.name, dependsOn.map(({ on }) => on)])).toEqual([
      ["reg.test/base:1", ["image.build:reg.test/base:1"]],
      ["reg.test/base:latest", ["image.build:reg.test/base:1"]],
    ]);
    expect(planToText(planPushes(stackOf(CONTEXTS), { ignoreFailures: false }))).not.toContain("build");
  });

  it("takes the platform of the service, of the build, or of DOCKER_DEFAULT_PLATFORM", () => {
    const platforms = (service: string, env = {}): readonly (string | undefined)[] =>
      planBuilds(selected(`services:\n  web: ${service}\n`, [], env)).operations.map((one) =>
        one.kind === "image.build" ? one.platform : undefined,
      );
    expect(platforms("{ build: . }")).toEqual([undefined]);
    expect(platforms("{ build: { context: ., platforms: [linux/arm64] } }")).toEqual(["linux/arm64"]);
    expect(
      platforms("{ platform: linux/arm64, build: { context: ., platforms: [linux/amd64, linux/arm64] } }"),
    ).toEqual(["linux/arm64"]);
    expect(platforms("{ build: . }", { DOCKER_DEFAULT_PLATFORM: "linux/arm64" })).toEqual(["linux/arm64"]);
    const several = "{ build: { context: ., platforms: [linux/amd64, linux/arm64] } }";
    expect(platforms(several)).toEqual([undefined]);
    expect(() => platforms(several, { DOCKER_DEFAULT_PLATFORM: "linux/s390x" })).toThrow(/linux\/s390x/);
  });
});

describe("builds as a bake file", () => {
  it("has one target a build, named contexts as targets, and pushes where asked", () => {
    const stack = selected(CONTEXTS, ["web"]);
    const file = toBakeFile(planBuilds(stack, { push: true }), stack);
    expect(file.group).toEqual({ default: { targets: ["web"] } });
    expect(file.target["web"]).toMatchObject({
      context: "/app",
      contexts: { base: "target:base" },
      dockerfile: "/app/Dockerfile",
      tags: ["app-web"],
      output: ["type=docker"],
    });
    expect(file.target["base"]).toMatchObject({
      tags: ["reg.test/base:1", "reg.test/base:latest"],
      output: ["type=registry"],
    });
  });

  it("carries everything that a build says", () => {
    const stack = selected(
      `secrets: { tok: { environment: TOK }, fil: { file: ./t } }
services:
  a.b:
    build:
      context: .
      dockerfile_inline: "FROM x\\nRUN echo $\${A}"
      args: { A: "1", UNSET: }
      secrets: [tok, { source: fil, target: other }]
      ssh: [default]
      shm_size: 64m
      ulimits: { nofile: 1024, nproc: { soft: 1, hard: 2 } }
      extra_hosts: ["h=1.2.3.4"]
      privileged: true
      provenance: mode=max
      sbom: true
`,
      [],
    );
    expect(toBakeFile(planBuilds(stack, { noCache: true }), stack).target["a_b"]).toMatchObject({
      "dockerfile-inline": "FROM x\nRUN echo $${A}",
      args: { A: "1" },
      secret: ["id=tok,type=env,env=TOK", "id=other,type=file,src=/app/t"],
      ssh: ["default"],
      "shm-size": "67108864",
      ulimits: ["nofile=1024", "nproc=1:2"],
      "extra-hosts": { h: "1.2.3.4" },
      entitlements: ["security.insecure"],
      "no-cache": true,
      attest: ["type=provenance,mode=max", "type=sbom"],
    });
  });
});
