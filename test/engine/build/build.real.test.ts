/** Builds on every real engine that answers; see test/support/real-engines.ts. */
import { chmodSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBuilder } from "../../../engine/build/build.ts";
import { contextTar } from "../../../engine/build/tar.ts";
import { createMatcher } from "../../../engine/watch/match.ts";
import { AbortedError, BuildError, RefusedError } from "../../../engine/error.ts";
import type { Build } from "../../../schema/model.ts";
import { findRealEngines, TEST_IMAGE, type RealEngine } from "../../support/real-engines.ts";
import { useBuildBench } from "./build-bench.ts";

const PREFIX = "tcompose-build-test";

const engines = await findRealEngines();
const bench = useBuildBench(engines, PREFIX);
const { write, operation, build, options, failure } = bench;

for (const real of engines.filter(({ engine }) => engine.flavour === "docker")) {
  const { engine } = real;
  const isRecent = Number(engine.apiVersion.split(".")[1]) >= 42;

  describe(`builds on ${real.name}`, { timeout: 120_000 }, () => {
    it("builds a directory with arguments, target, labels and tags", async () => {
      write({
        Dockerfile: `FROM ${TEST_IMAGE} AS base\nARG GREETING\nCOPY . /app\nRUN echo "$GREETING"; cat /app/sub/a.txt; ls -l /app/link /app/run.sh\nFROM base AS unused\nRUN exit 1\n`,
        "sub/a.txt": "content-a\n",
        "run.sh": "#!/bin/sh\n",
      });
      chmodSync(join(bench.root(), "run.sh"), 0o755);
      symlinkSync("sub/a.txt", join(bench.root(), "link"));
      const extra = `${PREFIX}-extra:1`;
      bench.images.add(extra);
      const op = operation("args", {
        args: { GREETING: "hello" },
        target: "base",
        no_cache: true,
        labels: { "example.label": "x y" },
        tags: [extra],
      });
      const { lines, progress } = await build(real, op);
      const text = lines.join("\n");
      expect(text).toContain("hello");
      expect(text).toContain("content-a");
      expect(text).toMatch(/-rwxr-xr-x.*\/app\/run\.sh/);
      expect(text).toMatch(/\/app\/link -> sub\/a\.txt/);
      const steps = progress.flatMap((p) => (p.type === "step" ? [`${p.state} ${p.name}`] : []));
      expect(steps.some((step) => /^done .*RUN echo/.test(step))).toBe(true);
      const image = await engine.inspectImage(`${PREFIX}-args:latest`);
      expect(image?.Config?.Labels).toMatchObject({
        "example.label": "x y",
        "com.docker.compose.project": PREFIX,
        "com.docker.compose.service": "args",
        "com.docker.compose.version": "0.0.0",
      });
      expect((await engine.inspectImage(extra))?.Id).toBe(image?.Id);
    });

    it("honours the ignore file, and the Dockerfile's own before it", async () => {
      const list = `FROM ${TEST_IMAGE}\nCOPY . /app\nRUN cd /app && find . -type f | sort\n`;
      write({
        Dockerfile: list,
        "other/two.Dockerfile": list,
        "other/two.Dockerfile.dockerignore": "other\nkeep\n",
        ".dockerignore": "# comment\n**/*.log\nnode_modules/\n!node_modules/kept/*.js\n",
        "a.log": "",
        "keep/b.txt": "",
        "keep/c.log": "",
        "node_modules/x/index.js": "",
        "node_modules/kept/y.js": "",
      });
      const first = await build(real, operation("ignore", { no_cache: true }));
      expect(first.lines).toContain("./keep/b.txt");
      expect(first.lines).toContain("./node_modules/kept/y.js");
      expect(first.lines.filter((line) => /log$|\/x\//.test(line))).toEqual([]);
      const second = await build(
        real,
        operation("ignore", { dockerfile: "other/two.Dockerfile", no_cache: true }),
      );
      expect(second.lines).toContain("./a.log");
      expect(second.lines.filter((line) => line.includes("keep/b"))).toEqual([]);
    });

    it("takes a Dockerfile from the stack file, and one from outside the context", async () => {
      write({
        "app/file.txt": "in context\n",
        "docker/Dockerfile": `FROM ${TEST_IMAGE}\nCOPY file.txt /\nRUN echo outside; cat /file.txt\n`,
      });
      const context = join(bench.root(), "app");
      const inline = `FROM ${TEST_IMAGE}\nCOPY file.txt /f\nRUN echo inline; cat /f\n`;
      const first = await build(
        real,
        operation("inline", { context, dockerfile_inline: inline, no_cache: true }),
      );
      expect(first.lines).toEqual(expect.arrayContaining(["inline", "in context"]));
      const changed = inline.replace("echo inline", "echo INLINE");
      const again = await build(
        real,
        operation("inline", { context, dockerfile_inline: changed, no_cache: true }),
      );
      expect(again.lines).toContain("INLINE");
      const second = await build(
        real,
        operation("outside", { context, dockerfile: "../docker/Dockerfile", no_cache: true }),
      );
      expect(second.lines).toEqual(expect.arrayContaining(["outside", "in context"]));
    });

    it("sees edits, deletions and long names in the next build", async () => {
      const long = `${"d".repeat(90)}/${"f".repeat(120)}-ü.txt`;
      write({
        Dockerfile: `FROM ${TEST_IMAGE}\nCOPY . /app\nRUN cd /app && find . -type f | sort && cat a\n`,
        a: "one\n",
        b: "b\n",
        [long]: "",
      });
      const first = await build(real, operation("edit", { no_cache: true }));
      expect(first.lines).toEqual(expect.arrayContaining(["one", "./b", `./${long}`]));
      rmSync(join(bench.root(), "b"));
      write({ a: "three\n" });
      const second = await build(real, operation("edit", { no_cache: true }));
      expect(second.lines).toContain("three");
      expect(second.lines).not.toContain("./b");
    });

    it("sends files of every size unharmed", async () => {
      const sizes = [0, 1, 65_535, 65_536, 65_537, 3_000_001];
      for (const size of sizes) writeFileSync(join(bench.root(), `f${size}`), Buffer.alloc(size, size % 251));
      write({
        Dockerfile: `FROM ${TEST_IMAGE}\nCOPY f* /app/\nRUN cd /app && wc -c f* && md5sum f3000001\n`,
      });
      const { lines } = await build(real, operation("sizes", { no_cache: true }));
      for (const size of sizes) expect(lines.map((l) => l.trim())).toContain(`${size} f${size}`);
    });

    it("reports the failing step with its last lines and its line in the Dockerfile", async () => {
      write({
        Dockerfile: `FROM ${TEST_IMAGE}\n# a comment\nRUN echo fine\nRUN echo "about to fail" && \\\n    exit 3\n`,
      });
      const error = await failure(build(real, operation("fails", { no_cache: true })));
      expect(error).toBeInstanceOf(BuildError);
      const { message, tail, location } = error as BuildError;
      expect(message).toMatch(/cannot build fails: .*exit (?:code|status):? 3|cannot build fails: .*3/s);
      expect(tail).toContain("about to fail");
      const text = 'RUN echo "about to fail" && \\';
      expect(location).toEqual({ file: join(bench.root(), "Dockerfile"), line: 4, text });
      expect(await engine.inspectImage(`${PREFIX}-fails:latest`)).toBeUndefined();
    });

    it("says what is missing before anything is sent", async () => {
      const noFile = await failure(build(real, operation("missing", {})));
      expect(noFile).toMatchObject({
        code: "build-failed",
        message: `there is no Dockerfile at ${join(bench.root(), "Dockerfile")}`,
      });
      const noContext = await failure(
        build(real, operation("missing", { context: join(bench.root(), "gone") })),
      );
      expect(noContext).toMatchObject({
        message: `the build context ${join(bench.root(), "gone")} does not exist`,
      });
      write({ dockerfile: "FROM scratch\n" });
      expect(await failure(build(real, operation("missing", {})))).toMatchObject({
        hint: 'there is "dockerfile"',
      });
    });

    it("points at the line of a mistake in the Dockerfile", async () => {
      write({ Dockerfile: "FROM scratch\n\nCOPPY a b\n" });
      const error = await failure(build(real, operation("syntax", {})));
      expect(error).toBeInstanceOf(BuildError);
      expect((error as BuildError).location?.line).toBe(3);
    });

    it("is cancelled by the signal", async () => {
      write({ Dockerfile: `FROM ${TEST_IMAGE}\nRUN echo begun; sleep 600\n` });
      const stop = new AbortController();
      const run = createBuilder(options(real)).run(
        operation("cancel", { no_cache: true }),
        (p) => {
          if (p.type === "output" && p.line === "begun") stop.abort();
        },
        stop.signal,
      );
      expect(await failure(run)).toBeInstanceOf(AbortedError);
    });

    it("makes equal builds once and names them all", async () => {
      write({ Dockerfile: `FROM ${TEST_IMAGE}\nRUN echo built\n` });
      const common: Build = { context: bench.root(), no_cache: true };
      const names = ["one", "two", "three"];
      const builder = createBuilder(options(real, { builds: new Map(names.map((name) => [name, common])) }));
      const lines: string[] = [];
      await Promise.all(
        names.map(async (name) =>
          builder.run(
            operation(name, common),
            (p) => p.type === "output" && lines.push(p.line),
            new AbortController().signal,
          ),
        ),
      );
      expect(lines.filter((line) => line === "built")).toHaveLength(1);
      const built = await Promise.all(
        names.map(async (name) => engine.inspectImage(`${PREFIX}-${name}:latest`)),
      );
      expect(new Set(built.map((image) => image?.Id)).size).toBe(1);
      expect(built[0]?.Config?.Labels?.["com.docker.compose.service"]).toBe("one");
    });

    it("passes hosts, limits and shared memory on", async () => {
      write({ Dockerfile: `FROM ${TEST_IMAGE}\nRUN cat /etc/hosts; ulimit -n; df /dev/shm | tail -1\n` });
      const { lines } = await build(
        real,
        operation("limits", {
          no_cache: true,
          extra_hosts: ["one.test=10.1.2.3", "gw.test=host-gateway"],
          ulimits: { nofile: { soft: 512, hard: 1024 }, nproc: 1024 },
          shm_size: "32m",
        }),
      );
      const text = lines.join("\n");
      expect(text).toMatch(/10\.1\.2\.3\s+one\.test/);
      expect(text).toMatch(/\d+\.\d+\.\d+\.\d+\s+gw\.test/);
      if (!isRecent) {
        expect(text).toMatch(/build\.shm_size, build\.ulimits: ignored by Docker 20/);
        return;
      }
      expect(lines).toContain("512");
      expect(text).toMatch(/\b32768\b/);
    });

    describeBuildKit(real, isRecent);
  });
}

function describeBuildKit(real: RealEngine, isRecent: boolean): void {
  it("hands secrets to steps that mount them", async () => {
    write({
      Dockerfile: `FROM ${TEST_IMAGE}\nRUN --mount=type=secret,id=file_one --mount=type=secret,id=renamed cat /run/secrets/file_one /run/secrets/renamed\n`,
      "secret.txt": "from-file\n",
    });
    const { lines } = await build(
      real,
      operation("secrets", {
        no_cache: true,
        secrets: [{ source: "file_one" }, { source: "two", target: "renamed" }],
      }),
      {
        secrets: { file_one: { file: join(bench.root(), "secret.txt") }, two: { environment: "TOKEN" } },
        env: { TOKEN: "from-env\n" },
      },
    );
    expect(lines).toEqual(expect.arrayContaining(["from-file", "from-env"]));
  });

  it("names the secret that has no source", async () => {
    write({
      Dockerfile: `FROM ${TEST_IMAGE}\nRUN --mount=type=secret,id=s,required=true cat /run/secrets/s\n`,
    });
    const missing = { secrets: { s: { file: join(bench.root(), "gone") } } };
    const error = await failure(
      build(real, operation("nosecret", { no_cache: true, secrets: [{ source: "s" }] }), missing),
    );
    expect(error).toMatchObject({
      code: "build-failed",
      message: expect.stringContaining('cannot read secret "s"') as string,
    });
    const unset = await failure(
      build(real, operation("nosecret", { secrets: [{ source: "t" }] }), {
        secrets: { t: { environment: "NOPE" } },
      }),
    );
    expect((unset as Error).message).toMatch(/needs the environment variable NOPE/);
  });

  it("lends an ssh agent to steps that mount it", async () => {
    const path = join(bench.root(), "agent.sock");
    const agent = createServer((socket) =>
      socket.on("data", (data) => socket.end(`pong ${data.toString()}`)),
    );
    await new Promise<void>((resolve) => agent.listen(path, resolve));
    try {
      write({
        Dockerfile: `FROM ${TEST_IMAGE}\nRUN --mount=type=ssh test -S "$SSH_AUTH_SOCK" && echo lent\n`,
      });
      const { lines } = await build(real, operation("ssh", { no_cache: true, ssh: ["default"] }), {
        env: { SSH_AUTH_SOCK: path },
      });
      expect(lines).toContain("lent");
    } finally {
      agent.close();
    }
  });

  it("says so when no ssh agent runs", async () => {
    write({ Dockerfile: "FROM scratch\n" });
    expect(await failure(build(real, operation("nossh", { ssh: ["default"] })))).toMatchObject({
      message: expect.stringContaining("no ssh agent runs") as string,
    });
  });

  it("refuses caches and networks that the built-in builder has not", async () => {
    write({ Dockerfile: "FROM scratch\n" });
    for (const build_ of [
      { cache_to: ["type=local,dest=x"] },
      { network: "mynet" },
      { sbom: "true" },
    ] satisfies Build[]) {
      const error = await failure(build(real, operation("refused", build_)));
      expect(error).toBeInstanceOf(RefusedError);
      expect((error as Error).message).toMatch(/Docker \d+\./);
    }
  });

  it(
    isRecent ? "reads additional contexts" : "refuses additional contexts, which older engines ignore",
    async () => {
      write({
        "app/Dockerfile": "FROM base\nCOPY --from=shared lib.txt /\nRUN cat /lib.txt\n",
        "shared/lib.txt": "shared-lib\n",
        "shared/other.txt": "x\n",
      });
      const op = operation("named", {
        context: join(bench.root(), "app"),
        no_cache: true,
        additional_contexts: { shared: join(bench.root(), "shared"), base: "service:base" },
      });
      const run = build(real, op, { imageOf: (service) => (service === "base" ? TEST_IMAGE : undefined) });
      if (isRecent) expect((await run).lines).toContain("shared-lib");
      else expect(await failure(run)).toBeInstanceOf(RefusedError);
    },
  );

  const hasChecks = Number(real.engine.apiVersion.split(".")[1]) >= 46;
  it(
    hasChecks ? "tells what the builder's checks say" : "refuses checks, which the builder has not",
    async () => {
      write({
        Dockerfile: `FROM ${TEST_IMAGE}\nMAINTAINER nobody\n`,
        Broken: `FROM ${TEST_IMAGE}\nRUNN x\n`,
      });
      const builder = createBuilder(options(real));
      const lint = async (build_: Build): ReturnType<typeof builder.lint> =>
        builder.lint(operation("lint", build_), new AbortController().signal);
      if (!hasChecks) {
        const refused = await failure(lint({}));
        expect(refused).toMatchObject({
          code: "refused",
          hint: expect.stringContaining("Docker 27") as string,
        });
        return;
      }
      const file = join(bench.root(), "Dockerfile");
      expect(await lint({})).toMatchObject([
        { rule: "MaintainerDeprecated", location: { file, line: 2, text: "MAINTAINER nobody" } },
      ]);
      expect(await lint({ dockerfile_inline: `FROM ${TEST_IMAGE}\n` })).toEqual([]);
      expect(await failure(lint({ dockerfile: "Broken" }))).toMatchObject({
        code: "build-failed",
        location: { line: 2, text: "RUNN x" },
      });
    },
  );

  it("lets the engine fetch archives and Git repositories", async () => {
    write({ "r/Dockerfile": `FROM ${TEST_IMAGE}\nCOPY f /\nRUN echo "got $(cat /f)"\n`, "r/f": "remote" });
    const directory = join(bench.root(), "r");
    const pack = { root: directory, excludes: createMatcher([]), signal: new AbortController().signal };
    const server = createHttpServer((_, response) => contextTar(pack, []).pipe(response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const context = `http://127.0.0.1:${port}/context.tar`;
      const { lines } = await build(real, operation("archive", { context, no_cache: true }));
      expect(lines).toContain("got remote");
      const inline = `FROM ${TEST_IMAGE}\nCOPY f /\nRUN echo "inline $(cat /f)"\n`;
      const again = operation("archive", { context, dockerfile_inline: inline, no_cache: true });
      if (isRecent) expect((await build(real, again)).lines).toContain("inline remote");
    } finally {
      server.close();
    }
    const missing = await failure(build(real, operation("git", { context: "git://127.0.0.1:1/none.git" })));
    expect(missing).toMatchObject({
      code: "build-failed",
      message: expect.stringContaining("git") as string,
    });
  });

  it("sends only what changed", async () => {
    write({ Dockerfile: "FROM scratch\nCOPY . /\n", a: "1", b: "2" });
    await build(real, operation("incremental", {}));
    write({ a: "11" });
    const { progress } = await build(real, operation("incremental", {}));
    expect(progress.some((p) => p.type === "transfer" && p.item === "transferring context:")).toBe(true);
  });
}
