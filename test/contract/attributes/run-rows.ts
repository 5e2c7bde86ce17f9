/**
 * Rows on a real engine: all that it takes are created as one stack, by the same steps as `up --no-start`, and compared
 * with what the engine then says; those it does not take are loaded alone, for the message.
 */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { randomBytes } from "node:crypto";
import { unpackTar } from "modern-tar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFileSystem } from "../../../cli/files.ts";
import { capabilities, type Support } from "../../../engine/docker/capabilities.ts";
import type { EngineApi } from "../../../engine/docker/api.ts";
import { RefusedError } from "../../../engine/error.ts";
import type { ExecutionReport } from "../../../engine/execute/model.ts";
import type { PlanWarning } from "../../../engine/plan/operation.ts";
import { applyPlan } from "../../../engine/session/apply.ts";
import { prepareUp } from "../../../engine/session/prepare.ts";
import { load } from "../../../schema/load.ts";
import type { Stack } from "../../../schema/model.ts";
import { runningEngines, TEST_IMAGE } from "../../support/real-engines.ts";
import { PODMAN_FORMS } from "./podman-forms.ts";
import type { Json, JsonObject, Row } from "./row.ts";

const FILES: Readonly<Record<string, string>> = {
  "one.env": "FROM_FILE=yes\n",
  "raw.env": "RAW='kept'\n",
  "one.labels": "from.file=yes\n",
  "seccomp.json": '{ "defaultAction": "SCMP_ACT_ALLOW" }\n',
  "config.txt": "from a file\n",
  "secret.txt": "hidden\n",
};

export async function describeAttributes(group: string, rows: readonly Row[]): Promise<void> {
  const isNamed = process.env["TCOMPOSE_TEST_ENDPOINTS"] !== undefined;
  for (const { name, engine } of await runningEngines()) {
    // Podman's own forms are not all known here (see podman-forms.ts): only where it is asked for.
    if (engine.flavour === "podman" && !isNamed) continue;
    describe(`${group} on ${name}`, () => {
      describeRows(engine, rows);
    });
  }
}

function describeRows(engine: EngineApi, rows: readonly Row[]): void {
  const bench = new Bench(engine);
  const taken = rows.filter((row) => supportOf(engine, row) !== "refused");
  beforeAll(() => bench.create(taken));
  afterAll(() => bench.remove());
  for (const row of rows) {
    const support = supportOf(engine, row);
    const ending = support === "native" ? "" : ` (${support})`;
    it(`${row.name}${ending}`, () =>
      support === "refused" ? bench.expectRefusal(row, rows) : bench.expectRow(row, support));
  }
}

function supportOf(engine: EngineApi, row: Row): Support {
  if (row.refused !== undefined) return "refused";
  return row.feature === undefined ? "native" : capabilities(engine)[row.feature].support;
}

class Bench {
  readonly #engine: EngineApi;
  readonly #project = `tc-attributes-${randomBytes(4).toString("hex")}`;
  #directory = "";
  #report: ExecutionReport | undefined;
  #warnings: readonly PlanWarning[] = [];

  constructor(engine: EngineApi) {
    this.#engine = engine;
  }

  async create(rows: readonly Row[]): Promise<void> {
    this.#directory = await realpath(await mkdtemp(join(tmpdir(), "tc-attributes-")));
    await mkdir(join(this.#directory, "there"));
    for (const [name, content] of Object.entries(FILES))
      await writeFile(join(this.#directory, name), content);
    const stack = await this.#load(rows);
    const prepared = await prepareUp(this.#engine, stack, { policy: { noStart: true } });
    this.#warnings = prepared.desired.warnings;
    this.#report = await applyPlan(prepared.plan().plan, { engine: this.#engine, stack });
    const started = rows.filter(({ files }) => files !== undefined).map(keyOf);
    if (started.length === 0) return;
    const few = await this.#load(rows, started);
    const { plan } = (await prepareUp(this.#engine, few, { policy: { ignoreOrphans: true } })).plan();
    const { results } = await applyPlan(plan, { engine: this.#engine, stack: few });
    expect([...results].filter(([, { outcome }]) => outcome !== "succeeded")).toEqual([]);
  }

  async remove(): Promise<void> {
    const filters = { label: [`com.docker.compose.project=${this.#project}`] };
    for (const { Id } of await this.#engine.listContainers({ filters })) {
      await this.#engine.removeContainer(Id, { force: true, volumes: true });
    }
    for (const { Id } of await this.#engine.listNetworks({ filters })) await this.#engine.removeNetwork(Id);
    for (const { Name } of await this.#engine.listVolumes({ filters })) await this.#engine.removeVolume(Name);
    this.#engine.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async expectRefusal(row: Row, all: readonly Row[]): Promise<void> {
    const needed = all.filter(({ name }) => name === "plain");
    const stack = await this.#load([...needed.filter((one) => one !== row), row]);
    const refused = prepareUp(this.#engine, stack);
    await expect(refused).rejects.toThrow(RefusedError);
    const { message } = await refused.then(
      () => new Error("not refused"),
      (error: Error) => error,
    );
    if (row.lacksProgram !== true) expect(message).toContain(this.#engineName());
    expect(message).toContain(row.refused ?? row.attribute);
    const needs = row.feature === undefined ? "" : capabilities(this.#engine)[row.feature].needs;
    expect(message).toContain(needs);
  }

  async expectRow(row: Row, support: Support): Promise<void> {
    if (this.#isLackOfHost(row)) return;
    const ignored = [
      ...(row.ignored ?? []),
      ...(support === "ignored" ? [row.attribute ?? ""] : []),
      ...(this.#engine.flavour === "podman" ? (row.ignoredByPodman ?? []) : []),
    ];
    const warning = this.#warnings.find(({ resource }) => resource?.name === keyOf(row));
    expect(warning?.names ?? []).toEqual(ignored.toSorted());
    if (ignored.length > 0) {
      expect(warning?.detail).toBe(this.#engineName());
    }
    const told = support === "native" ? row.container : (row.otherwise ?? {});
    const wanted = this.#engine.flavour === "podman" ? (PODMAN_FORMS[row.name] ?? told) : told;
    if (row.service !== undefined) await this.#expectContainer(row, wanted ?? {});
    // Podman tells little of a network.
    const networks = this.#engine.flavour === "docker" ? (row.network ?? {}) : {};
    for (const [key, facts] of Object.entries(networks)) {
      const name = nameIn(facts) ?? `PROJECT_${key}`;
      const found = await this.#engine.inspectNetwork(await this.#filled(name));
      expect(found).toMatchObject((await this.#filled(facts)) as object);
    }
    for (const [key, facts] of Object.entries(row.volume ?? {})) {
      const name = nameIn(facts) ?? `PROJECT_${key}`;
      const found = await this.#engine.inspectVolume(await this.#filled(name));
      expect(found).toMatchObject((await this.#filled(facts)) as object);
    }
  }

  async #expectContainer(row: Row, wanted: JsonObject): Promise<void> {
    const container = await this.#engine.inspectContainer(this.#containerName(row));
    const { HostConfig, Config } = container;
    const seen = {
      ...container,
      // What the image brings along, and the engines' two ways of writing a capability.
      Config: { ...Config, Env: this.#ownVariables(Config.Env ?? []) },
      HostConfig: { ...HostConfig, CapAdd: HostConfig.CapAdd?.map((name) => name.replace(/^CAP_/, "")) },
    };
    const expected = await this.#filled(wanted);
    if (row.hostMayLack !== undefined && isLeftOut(seen.HostConfig, expected)) return;
    expect(seen).toMatchObject(expected);
    for (const [path, facts] of Object.entries(row.files ?? {})) {
      const file = await this.#file(container.Id, path);
      expect(file.text).toBe(facts.text);
      if (facts.mode !== undefined) expect(file.mode).toBe(facts.mode);
      // Podman's archives tell every owner as root.
      if (facts.owner !== undefined && this.#engine.flavour === "docker")
        expect(file.owner).toBe(facts.owner);
    }
  }

  /** A path that is mounted shows in the archive as it is on the host. */
  async #file(id: string, path: string): Promise<{ text: string; mode: string; owner: string }> {
    const [entry] = await unpackTar(await buffer(await this.#engine.getArchive(id, path)));
    if (entry === undefined) throw new Error(`no ${path}`);
    const { mode = 0, uid, gid } = entry.header;
    const content = Buffer.from(entry.data ?? new Uint8Array()).toString("utf8");
    return { text: content, mode: (mode & 0o777).toString(8), owner: `${uid}:${gid}` };
  }

  /** The engine refused what its host lacks, with a message of its own. */
  #isLackOfHost(row: Row): boolean {
    const volumes = Object.keys(row.top?.volumes ?? {}).map((key) => `volume.create:${this.#project}_${key}`);
    const failed = [...(this.#report?.results ?? [])].find(
      ([id, { outcome }]) =>
        outcome === "failed" && (id.includes(this.#containerName(row)) || volumes.includes(id)),
    )?.[1];
    if (failed === undefined) return false;
    expect(failed.error?.message).toMatch(row.hostMayLack ?? /^nothing$/);
    return true;
  }

  async #load(rows: readonly Row[], services?: readonly string[]): Promise<Stack> {
    const file = join(this.#directory, "compose.yaml");
    const shown = JSON.stringify(stackOf(rows)).replaceAll("PROJECT", this.#project);
    await writeFile(file, shown);
    const result = load({
      files: createFileSystem(),
      cwd: this.#directory,
      home: this.#directory,
      env: { ATTRIBUTE_VALUE: "of the environment" },
      configFiles: [file],
      projectName: this.#project,
      ...(services === undefined ? {} : { services }),
    });
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics, undefined, 2));
    return result.stack;
  }

  /** Without what every container has, in the order of their names where the engine has no order. */
  #ownVariables(all: readonly string[]): readonly string[] {
    const own = all.filter((one) => !/^(PATH|TERM|container)=/.test(one));
    return this.#engine.flavour === "podman" ? own.toSorted() : own;
  }

  #engineName(): string {
    const { flavour, release, apiVersion } = this.#engine;
    return `${flavour === "podman" ? "Podman" : "Docker Engine"} ${release} (API ${apiVersion})`;
  }

  #containerName(row: Row): string {
    const own = row.service?.["container_name"];
    return typeof own === "string" ? own : `${this.#project}-${keyOf(row)}-1`;
  }

  async #filled<T extends Json>(value: T): Promise<T> {
    let shown = JSON.stringify(value)
      .replaceAll("PROJECT", this.#project)
      .replaceAll("DIR/", `${this.#directory}/`);
    for (const [whole, service] of shown.matchAll(/ID:([a-z-]+)/g)) {
      const { Id } = await this.#engine.inspectContainer(`${this.#project}-${service}-1`);
      shown = shown.replaceAll(whole, Id);
    }
    return JSON.parse(shown) as T;
  }
}

function stackOf(rows: readonly Row[]): JsonObject {
  const base = { image: TEST_IMAGE, command: ["sleep", "1000"], stop_signal: "SIGKILL" };
  const services = rows
    .filter(({ service }) => service !== undefined)
    .map((row) => [keyOf(row), { ...base, ...row.service }] as const);
  const section = (name: keyof NonNullable<Row["top"]>): JsonObject =>
    Object.assign({}, ...rows.map(({ top }) => top?.[name] ?? {})) as JsonObject;
  return {
    services: Object.fromEntries(services),
    networks: section("networks"),
    volumes: section("volumes"),
    configs: section("configs"),
    secrets: section("secrets"),
    models: section("models"),
  };
}

function keyOf({ name }: Row): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

function nameIn(facts: Json): string | undefined {
  const name = (facts as { readonly Name?: Json }).Name;
  return typeof name === "string" ? name : undefined;
}

/** Engines leave out what the kernel has no control group for, with a warning of theirs. */
function isLeftOut(host: Readonly<Record<string, unknown>>, wanted: JsonObject): boolean {
  const settings = Object.keys((wanted["HostConfig"] ?? {}) as JsonObject);
  return settings.every((name) => isNothing(host[name]));
}

function isNothing(value: unknown): boolean {
  return (
    [0, null, undefined, false, ""].includes(value as never) || (Array.isArray(value) && value.length === 0)
  );
}
