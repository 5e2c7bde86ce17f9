/** A stack text against the fake engine: load, observe, plan, execute, as `up` does. */
import { expect } from "vitest";
import { readContents } from "../../../engine/desired/contents.ts";
import { toDesiredState } from "../../../engine/desired/desired.ts";
import type { DesiredState } from "../../../engine/desired/model.ts";
import { execute } from "../../../engine/execute/execute.ts";
import type { Effects, ExecutionReport } from "../../../engine/execute/model.ts";
import { observeDetails } from "../../../engine/observe/details.ts";
import { observe } from "../../../engine/observe/observe.ts";
import type { ObservedState } from "../../../engine/observe/model.ts";
import type { Plan, PlanResult } from "../../../engine/plan/operation.ts";
import type { UpPolicy } from "../../../engine/plan/policy.ts";
import { planUp } from "../../../engine/plan/up.ts";
import { load } from "../../../schema/load.ts";
import type { FileSystem } from "../../../schema/files.ts";
import type { Stack } from "../../../schema/model.ts";
import { FakeEngine } from "../../support/fake-engine/fake-engine.ts";

export const IMAGE = "busybox:latest";

/** Files by absolute path; the stack itself is `/app/compose.yaml`. */
export type Files = Readonly<Record<string, string>>;

const loaded = new Map<string, Stack>();

/** Loaded once for each text: killing a run at every call needs the same stack hundreds of times. */
export function stackOf(text: string, files: Files = {}): Stack {
  const key = JSON.stringify([text, files]);
  const stack = loaded.get(key) ?? loadStack(text, files);
  loaded.set(key, stack);
  return stack;
}

function loadStack(text: string, files: Files): Stack {
  const all: Files = { "/app/compose.yaml": text, ...files };
  const system: FileSystem = {
    read: (path) => {
      const found = all[path];
      return found === undefined ? { kind: "missing" } : { kind: "text", text: found };
    },
    stat: (path) => {
      if (all[path] !== undefined) return "file";
      return Object.keys(all).some((name) => name.startsWith(`${path}/`)) ? "directory" : "missing";
    },
    realpath: (path) => path,
  };
  const result = load({
    files: system,
    cwd: "/app",
    home: "/home/me",
    env: {},
    configFiles: ["/app/compose.yaml"],
    projectName: "app",
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.stack;
}

export interface RunOptions extends UpPolicy {
  readonly files?: Files;
  readonly scale?: Readonly<Record<string, number>>;
  /** Unix milliseconds. */
  readonly now?: number;
}

export class Project {
  readonly engine: FakeEngine;
  text: string;

  constructor(text: string, engine: FakeEngine = newEngine()) {
    this.text = text;
    this.engine = engine;
  }

  async desired({ files = {}, scale = {} }: RunOptions = {}): Promise<DesiredState> {
    const stack = stackOf(this.text, files);
    const contents = await readContents(stack, (path) =>
      Promise.resolve(files[path] === undefined ? undefined : Buffer.from(files[path])),
    );
    return toDesiredState(stack, { engine: this.engine, contents, scale });
  }

  async observe(desired: DesiredState, { now }: RunOptions = {}): Promise<ObservedState> {
    const observed = await observe(this.engine, {
      project: desired.project.name,
      networkNames: desired.networks.map(({ name }) => name),
      volumeNames: desired.volumes.map(({ name }) => name),
    });
    return observeDetails(this.engine, desired, observed, { now });
  }

  async plan(options: RunOptions = {}): Promise<PlanResult> {
    const desired = await this.desired(options);
    return planUp(desired, await this.observe(desired, options), options);
  }

  async execute(plan: Plan): Promise<ExecutionReport> {
    return execute(plan, { engine: this.engine, effects: effectsOf(this.engine), emit: () => undefined });
  }

  /** Plans and carries the plan out; everything must succeed. */
  async up(options: RunOptions = {}): Promise<Plan> {
    const { plan } = await this.plan(options);
    const report = await this.execute(plan);
    const failed = [...report.results].filter(
      ([, { outcome }]) => outcome === "failed" || outcome === "blocked",
    );
    expect(failed).toEqual([]);
    return plan;
  }
}

export function newEngine(apiVersion = "1.41"): FakeEngine {
  const engine = new FakeEngine({ apiVersion });
  engine.addImage(IMAGE);
  engine.publishImage("nginx:latest");
  return engine;
}

function effectsOf(engine: FakeEngine): Effects {
  return {
    pull: async ({ reference }) => {
      for await (const message of engine.pullImage(reference)) expect(message.error).toBeUndefined();
    },
    build: async ({ tags }) => {
      for await (const message of engine.buildImage({ t: tags[0] }, Buffer.alloc(0))) {
        expect(message.error).toBeUndefined();
      }
    },
    checkBuilds: () => Promise.resolve(new Map()),
    push: () => Promise.resolve(),
    provider: () => Promise.resolve({}),
    model: () => Promise.resolve(),
    content: (_, key) => Promise.resolve(Buffer.from(`content of ${key}`)),
  };
}
