/** Carries out `image.build` operations with whichever builder the engine has. */
import type { Build } from "../../schema/model.ts";
import { RefusedError, TcomposeError } from "../error.ts";
import type { Progress } from "../event.ts";
import type { ImageBuild, OperationId } from "../plan/operation.ts";
import { buildWithBuildKit, lintWithBuildKit, prepareBuildKit } from "./buildkit.ts";
import { buildClassic, prepareClassic } from "./classic.ts";
import { BuildCoalescer, representativeService } from "./coalesce.ts";
import type { BuildContext } from "./context.ts";
import type { DockerfileWarning } from "./lint.ts";
import { createBuildRequest, type BuildRequest } from "./request.ts";

export interface BuilderOptions extends Omit<BuildContext, "describeEngine" | "progress" | "signal"> {
  readonly project: string;
  /** tcompose's own version, for the image's labels. */
  readonly version: string;
  /** The builds of all services in the stack's order: equal ones share one image and one label. */
  readonly builds: ReadonlyMap<string, Build>;
}

export interface Builder {
  /** Rejects with a TcomposeError. */
  run(operation: ImageBuild, progress: (progress: Progress) => void, signal: AbortSignal): Promise<void>;
  /** What is wrong with builds, as far as it can be told without beginning any. Sends nothing to the builder. */
  check(
    operations: readonly ImageBuild[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<OperationId, TcomposeError>>;
  /** What the builder's own checks say about a build's Dockerfile. Rejects with a TcomposeError. */
  lint(operation: ImageBuild, signal: AbortSignal): Promise<readonly DockerfileWarning[]>;
}

/** Make a new one for each execution of a plan: what it has built it does not build again. */
export function createBuilder(options: BuilderOptions): Builder {
  const coalescer = new BuildCoalescer();
  let engineName: Promise<string> | undefined;
  const toContext = (progress: BuildContext["progress"], signal: AbortSignal): BuildContext => ({
    ...options,
    progress,
    signal,
    describeEngine: async () => (engineName ??= describeEngine(options, signal)),
  });
  const toRequest = (operation: ImageBuild): BuildRequest => {
    const { engine, project, version, builds, env } = options;
    const labelledService = representativeService(operation, builds);
    const { proxies } = engine;
    return createBuildRequest(operation, { project, version, labelledService, proxies }, env);
  };
  const isBuildKit = hasBuildKit(options);
  return {
    async run(operation, progress, signal) {
      const request = toRequest(operation);
      const build = isBuildKit ? buildWithBuildKit : buildClassic;
      const made = await coalescer.run(operation, async () => build(request, toContext(progress, signal)));
      if (made === undefined) return;
      for (const tag of request.tags) {
        if (tag !== made) await options.engine.tagImage(made, tag, { signal });
      }
    },
    async lint(operation, signal) {
      const context = toContext(() => undefined, signal);
      if (isBuildKit) return lintWithBuildKit(toRequest(operation), context);
      throw new RefusedError(
        `--check: ${await context.describeEngine()} has no checks for Dockerfiles here`,
        {
          hint: "BuildKit of Docker 27 and newer has them",
        },
      );
    },
    async check(operations, signal) {
      const prepare = isBuildKit ? prepareBuildKit : prepareClassic;
      const problems = new Map<OperationId, TcomposeError>();
      for (const operation of operations) {
        try {
          await prepare(
            toRequest(operation),
            toContext(() => undefined, signal),
          );
        } catch (error) {
          if (!(error instanceof TcomposeError) || error.code === "aborted") throw error;
          problems.set(operation.id, error);
        }
      }
      return problems;
    },
  };
}

async function describeEngine({ engine }: BuilderOptions, signal: AbortSignal): Promise<string> {
  const version = engine.release ?? (await engine.version({ signal })).Version;
  return `${engine.flavour === "podman" ? "Podman" : "Docker"} ${version}`;
}

/** Podman builds with its own builder behind the classic endpoint. `DOCKER_BUILDKIT=0` asks for it elsewhere. */
function hasBuildKit({ engine, env }: BuilderOptions): boolean {
  return engine.flavour === "docker" && env["DOCKER_BUILDKIT"] !== "0";
}
