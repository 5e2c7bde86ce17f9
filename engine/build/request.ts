/** What a build is asked for, independent of the builder that carries it out. */
import { isAbsolute, resolve } from "node:path";
import type { Build } from "../../schema/model.ts";
import { isRemoteContext } from "../../schema/resolve-paths.ts";
import { label } from "../labels.ts";
import type { ImageBuild } from "../plan/operation.ts";

export interface BuildRequest {
  readonly service: string;
  readonly tags: readonly string[];
  readonly build: Build;
  readonly platform: string | undefined;
  /** More than one, or none: `platform` alone counts. */
  readonly platforms: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  /** Of build containers, in bytes. */
  readonly memory: number | undefined;
  readonly context: ContextRef;
  readonly dockerfile: DockerfileRef;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export type ContextRef =
  /** Absolute directory of this machine. */
  | { readonly kind: "local"; readonly root: string }
  /** Git repository or archive that the builder fetches by itself. */
  | { readonly kind: "remote"; readonly url: string };

export type DockerfileRef =
  /** Absolute path. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "inline"; readonly text: string }
  /** Path inside a remote context. */
  | { readonly kind: "remote"; readonly path: string };

export interface BuildIdentity {
  readonly project: string;
  /** tcompose's own version. */
  readonly version: string;
  /** Service that gives an image built for several of them its label. */
  readonly labelledService: string;
  /** Arguments that every build gets, unless it sets them. */
  readonly proxies?: Readonly<Record<string, string>> | undefined;
}

const DEFAULT_DOCKERFILE = "Dockerfile";

export function createBuildRequest(
  operation: ImageBuild,
  identity: BuildIdentity,
  env: Readonly<Record<string, string | undefined>>,
): BuildRequest {
  const { build } = operation;
  const context = contextRef(build.context ?? ".");
  return {
    service: operation.service,
    tags: [...new Set([...operation.tags, ...(build.tags ?? [])])],
    build,
    platform: operation.platform,
    platforms: operation.platforms ?? [],
    noCache: operation.noCache ?? build.no_cache ?? false,
    pull: operation.pull ?? build.pull ?? false,
    memory: operation.memory,
    context,
    dockerfile: dockerfileRef(build, context),
    args: { ...identity.proxies, ...resolveArgs(build, env) },
    labels: {
      ...build.labels,
      [label.project]: identity.project,
      [label.service]: identity.labelledService,
      [label.version]: identity.version,
    },
  };
}

function contextRef(text: string): ContextRef {
  return isRemoteContext(text) ? { kind: "remote", url: text } : { kind: "local", root: resolve(text) };
}

function dockerfileRef(build: Build, context: ContextRef): DockerfileRef {
  if (build.dockerfile_inline !== undefined) return { kind: "inline", text: build.dockerfile_inline };
  const path = build.dockerfile ?? DEFAULT_DOCKERFILE;
  if (isAbsolute(path)) return { kind: "file", path };
  return context.kind === "local"
    ? { kind: "file", path: resolve(context.root, path) }
    : { kind: "remote", path };
}

/** Arguments without a value take it from the environment, or are left out. */
function resolveArgs(
  build: Build,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(build.args ?? {}).map(([key, value]) => [key, value ?? env[key]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
