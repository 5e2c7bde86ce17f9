/** Builds through the classic endpoint: Podman, and Docker where BuildKit is switched off. */
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unpackTar } from "modern-tar";
import { describe, expect, it } from "vitest";
import type { Build } from "../../../schema/model.ts";
import { BuildError, RefusedError } from "../../../engine/error.ts";
import { findRealEngines, TEST_IMAGE, type RealEngine } from "../../support/real-engines.ts";
import { useBuildBench } from "./build-bench.ts";

const PREFIX = "tcompose-classic-test";

const engines = await findRealEngines();
const bench = useBuildBench(engines, PREFIX);
const { write, operation, failure } = bench;
const classic = { env: { DOCKER_BUILDKIT: "0" } };

for (const real of engines) {
  const { engine } = real;

  describe(`classic builds on ${real.name}`, { timeout: 120_000 }, () => {
    it("sends the context as it is, without what is ignored", async () => {
      const long = `${"d".repeat(90)}/${"f".repeat(120)}-ü.txt`;
      write({
        Dockerfile: `FROM ${TEST_IMAGE}\nARG NAME\nCOPY . /app/\nLABEL name=$NAME\n`,
        ".dockerignore": "**/*.log\nignored\n!ignored/kept.txt\nDockerfile\n",
        "a.txt": "a\n",
        "run.sh": "#!/bin/sh\n",
        "x.log": "",
        "ignored/gone.txt": "",
        "ignored/kept.txt": "kept\n",
        [long]: "long\n",
      });
      chmodSync(join(bench.root(), "run.sh"), 0o755);
      symlinkSync("a.txt", join(bench.root(), "link"));
      writeFileSync(join(bench.root(), "big"), Buffer.alloc(700_001, 7));
      const op = operation("classic", {
        args: { NAME: "n" },
        no_cache: true,
        labels: { "example.label": "x" },
      });
      const { progress } = await bench.build(real, op, classic);
      const names = progress.flatMap((p) => (p.type === "step" && p.state === "done" ? [p.name] : []));
      expect(names.some((name) => name.includes("COPY . /app/"))).toBe(true);
      const files = await filesOf(real, `${PREFIX}-classic:latest`, "/app");
      expect([...files.keys()].sort()).toEqual(
        ["a.txt", "big", "ignored/kept.txt", "link", "run.sh", ".dockerignore", long].sort(),
      );
      expect(files.get("run.sh")?.mode).toBe(0o755);
      expect(files.get("link")?.link).toBe("a.txt");
      expect(files.get("big")?.size).toBe(700_001);
      const image = await engine.inspectImage(`${PREFIX}-classic:latest`);
      expect(image?.Config?.Labels).toMatchObject({
        name: "n",
        "example.label": "x",
        "com.docker.compose.service": "classic",
      });
    });

    it("takes a Dockerfile from the stack file, and one from outside the context", async () => {
      write({
        "app/file.txt": "f\n",
        "docker/Dockerfile": `FROM ${TEST_IMAGE}\nCOPY file.txt /out/outside\n`,
      });
      const context = join(bench.root(), "app");
      const inline = `FROM ${TEST_IMAGE}\nCOPY file.txt /out/inline\n`;
      await bench.build(real, operation("inline", { context, dockerfile_inline: inline }), classic);
      expect([...(await filesOf(real, `${PREFIX}-inline:latest`, "/out")).keys()]).toContain("inline");
      await bench.build(real, operation("outside", { context, dockerfile: "../docker/Dockerfile" }), classic);
      expect([...(await filesOf(real, `${PREFIX}-outside:latest`, "/out")).keys()]).toContain("outside");
    });

    it("reports the failing step", async () => {
      write({ Dockerfile: `FROM ${TEST_IMAGE}\n# comment\nCOPY missing-file /x\n` });
      const error = await failure(bench.build(real, operation("fails", {}), classic));
      expect(error).toBeInstanceOf(BuildError);
      expect((error as BuildError).message).toMatch(/cannot build fails: .*missing-file/s);
      const text = "COPY missing-file /x";
      expect((error as BuildError).location).toEqual({
        file: join(bench.root(), "Dockerfile"),
        line: 3,
        text,
      });
    });

    it("names the pattern of an ignore file that is not valid", async () => {
      write({ Dockerfile: "FROM scratch\n", ".dockerignore": "ok\n[bad\n" });
      expect(await failure(bench.build(real, operation("pattern", {}), classic))).toMatchObject({
        code: "build-failed",
        message: expect.stringContaining('pattern "[bad"') as string,
      });
    });

    it("refuses what only BuildKit can do, and names the engine", async () => {
      write({ Dockerfile: "FROM scratch\n" });
      const { Version: version } = await engine.version();
      for (const asked of [
        { entitlements: ["network.host"] },
        { cache_to: ["type=inline"] },
        { provenance: "true" },
        ...(engine.flavour === "podman"
          ? [{ isolation: "hyperv" }, { context: "git://127.0.0.1/x.git" }]
          : [{ secrets: [{ source: "s" }] }]),
      ] satisfies Build[]) {
        const error = await failure(bench.build(real, operation("refused", asked), classic));
        expect(error).toBeInstanceOf(RefusedError);
        expect((error as Error).message).toContain(version);
      }
    });
  });
}

const podmans = engines.filter(({ engine }) => engine.flavour === "podman");

describe.each(podmans)("Podman's own words for builds on $name", { timeout: 120_000 }, (real) => {
  it("hands secrets to steps, and leaves none in the image", async () => {
    const look = "cat /run/secrets/one /run/secrets/two";
    const mounts = "--mount=type=secret,id=one --mount=type=secret,id=two";
    write({ Dockerfile: `FROM ${TEST_IMAGE}\nRUN ${mounts} ${look}\nCOPY . /app/\n`, "one.txt": "first\n" });
    const secrets = {
      a: { file: join(bench.root(), "one.txt") },
      b: { environment: "TOKEN" },
    };
    const asked = {
      no_cache: true,
      secrets: [
        { source: "a", target: "one" },
        { source: "b", target: "two" },
      ],
    };
    const { lines } = await bench.build(real, operation("secrets", asked), {
      secrets,
      env: { TOKEN: "second\n" },
    });
    expect(lines).toEqual(expect.arrayContaining(["first", "second"]));
    const names = [...(await filesOf(real, `${PREFIX}-secrets:latest`, "/app")).keys()];
    expect(names.sort()).toEqual(["Dockerfile", "one.txt"]);
  });

  it("cuts steps off the network, and names the host to them", async () => {
    write({ Dockerfile: `FROM ${TEST_IMAGE}\nRUN echo "interfaces $(ls /sys/class/net | xargs)"\n` });
    const none = await bench.build(real, operation("none", { network: "none", no_cache: true }));
    expect(none.lines).toContain("interfaces lo");
    write({ Dockerfile: `FROM ${TEST_IMAGE}\nRUN cat /etc/hosts\n` });
    const hosts = operation("hosts", { extra_hosts: ["outside=host-gateway"], no_cache: true });
    const { lines } = await bench.build(real, hosts);
    expect(lines.join("\n")).toMatch(/^\d+\.\d+\.\d+\.\d+\s+outside$/m);
  });
});

interface FileFacts {
  readonly mode: number;
  readonly size: number;
  readonly link: string | undefined;
}

/** What an image holds below a directory, by path relative to it. */
async function filesOf(
  { engine }: RealEngine,
  image: string,
  directory: string,
): Promise<Map<string, FileFacts>> {
  const body = { Image: image, Cmd: ["true"], HostConfig: {} };
  const { id } = await engine.createContainer(`${PREFIX}-look`, body);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await engine.getArchive(id, directory)) chunks.push(chunk as Buffer);
    const entries = await unpackTar(Buffer.concat(chunks));
    const files = entries.filter(({ header }) => header.type !== "directory");
    return new Map(
      files.map(({ header }) => [
        header.name.slice(directory.length),
        { mode: (header.mode ?? 0) & 0o777, size: header.size, link: header.linkname },
      ]),
    );
  } finally {
    await engine.removeContainer(id, { force: true });
  }
}
