/** What tests of real builds share: a context directory, operations, and the removal of every image made. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach } from "vitest";
import { createBuilder, type BuilderOptions } from "../../../engine/build/build.ts";
import { connectSshAgent } from "../../../engine/docker/ssh-agent.ts";
import type { Progress } from "../../../engine/event.ts";
import { anonymous } from "../../../engine/images/auth.ts";
import type { ImageBuild } from "../../../engine/plan/operation.ts";
import type { Build } from "../../../schema/model.ts";
import type { RealEngine } from "../../support/real-engines.ts";

export interface Built {
  readonly progress: readonly Progress[];
  /** Output of the steps. */
  readonly lines: readonly string[];
}

export interface BuildBench {
  /** The context directory, new for each test. */
  readonly root: () => string;
  /** Removed after the test; `operation` adds its own. */
  readonly images: Set<string>;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly operation: (service: string, build: Build) => ImageBuild;
  readonly options: (real: RealEngine, more?: Partial<BuilderOptions>) => BuilderOptions;
  readonly build: (real: RealEngine, operation: ImageBuild, more?: Partial<BuilderOptions>) => Promise<Built>;
  /** What a promise rejects with; undefined when it does not. */
  readonly failure: (promise: Promise<unknown>) => Promise<unknown>;
}

/**
 * Call once in a test file, outside of any test. `prefix` begins the names of its images; files that run beside each
 * other need different ones.
 */
export function useBuildBench(engines: readonly RealEngine[], prefix: string): BuildBench {
  let root = "";
  const images = new Set<string>();
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tcompose-build-"));
  });
  afterEach(async () => {
    rmSync(root, { recursive: true });
    for (const { engine } of engines) {
      for (const image of images) await engine.removeImage(image, { force: true });
      // A second build of one name leaves the first without a name.
      const filters = { label: [`com.docker.compose.project=${prefix}`] };
      for (const { Id } of await engine.listImages({ filters }))
        await engine.removeImage(Id, { force: true });
    }
    images.clear();
  }, 60_000);
  afterAll(() => {
    for (const { engine } of engines) engine.close();
  });
  const options = ({ engine }: RealEngine, more: Partial<BuilderOptions> = {}): BuilderOptions => ({
    engine,
    credentials: anonymous,
    secrets: {},
    env: {},
    imageOf: () => undefined,
    connectAgent: connectSshAgent,
    project: prefix,
    version: "0.0.0",
    builds: new Map(),
    ...more,
  });
  return {
    root: () => root,
    images,
    options,
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    operation: (service, build) => {
      const tag = `${prefix}-${service}:latest`;
      images.add(tag);
      return {
        id: `image.build:${tag}`,
        kind: "image.build",
        resource: { type: "image", name: tag },
        cause: { type: "requested" },
        dependsOn: [],
        service,
        tags: [tag],
        build: { context: root, ...build },
      };
    },
    build: async (real, operation, more) => {
      const progress: Progress[] = [];
      const builder = createBuilder(options(real, more));
      await builder.run(operation, (p) => progress.push(p), new AbortController().signal);
      return { progress, lines: progress.flatMap((p) => (p.type === "output" ? [p.line] : [])) };
    },
    failure: async (promise) =>
      promise.then(
        () => undefined,
        (error: unknown) => error,
      ),
  };
}
