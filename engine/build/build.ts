/** Carries out `image.build` operations with whichever builder the engine has. */
import type { Build } from "../../schema/model.ts";
import type { Progress } from "../event.ts";
import type { ImageBuild } from "../plan/operation.ts";
import { buildWithBuildKit } from "./buildkit.ts";
import { buildClassic } from "./classic.ts";
import { BuildCoalescer, representativeService } from "./coalesce.ts";
import type { BuildContext } from "./context.ts";
import { createBuildRequest } from "./request.ts";

export interface BuilderOptions extends Omit<BuildContext, "progress" | "signal"> {
  readonly project: string;
  /** tcompose's own version, for the image's labels. */
  readonly version: string;
  /** The builds of all services in the stack's order: equal ones share one image and one label. */
  readonly builds: ReadonlyMap<string, Build>;
}

export type RunBuild = (
  operation: ImageBuild,
  progress: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<void>;

/** Make a new one for each execution of a plan: what it has built it does not build again. */
export function createBuilder(options: BuilderOptions): RunBuild {
  const coalescer = new BuildCoalescer();
  return async (operation, progress, signal) => {
    const context: BuildContext = { ...options, progress, signal };
    const identity = {
      project: options.project,
      version: options.version,
      labelledService: representativeService(operation, options.builds),
    };
    const request = createBuildRequest(operation, identity, options.env);
    const build = hasBuildKit(context) ? buildWithBuildKit : buildClassic;
    const made = await coalescer.run(operation, async () => build(request, context));
    if (made === undefined) return;
    for (const tag of request.tags) {
      if (tag !== made) await options.engine.tagImage(made, tag, { signal });
    }
  };
}

/** Podman builds with its own builder behind the classic endpoint. `DOCKER_BUILDKIT=0` asks for it elsewhere. */
function hasBuildKit(context: BuildContext): boolean {
  return context.engine.flavour === "docker" && context.env["DOCKER_BUILDKIT"] !== "0";
}
