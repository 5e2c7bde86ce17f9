/**
 * Builds where BuildKit is missing (Podman, Windows containers): the context travels as a tar stream.
 * Source: Engine API `POST /build`.
 */
import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Build } from "../../schema/model.ts";
import { parseBytes } from "../../schema/quantity.ts";
import { AbortedError, BuildError, RefusedError, TcomposeError } from "../error.ts";
import { encodeRegistryConfig } from "../images/auth.ts";
import type { BuildQuery } from "../docker/api.ts";
import { createMatcher, parseIgnoreFile } from "../watch/match.ts";
import { trackClassicOutput } from "./classic-output.ts";
import { checkContext, type DockerfileText } from "./context-check.ts";
import type { BuildContext } from "./context.ts";
import { toBuildError } from "./failure.ts";
import type { BuildRequest } from "./request.ts";
import { contextTar, type ExtraFile } from "./tar.ts";
import type { Readable } from "node:stream";

const IGNORE_FILE = ".dockerignore";
/** Where a Dockerfile from outside the context (or from the stack file) is put. */
const FOREIGN_DOCKERFILE = ".tcompose.Dockerfile";

/** Rejects as `buildWithBuildKit` does. */
export async function buildClassic(request: BuildRequest, context: BuildContext): Promise<void> {
  refuseImpossible(request, context);
  const dockerfile = checkContext(request);
  const { name, body, contextFailure } = packContext(request, dockerfile, context.signal);
  const auths = await context.credentials.all(context.signal);
  const output = trackClassicOutput(context.progress);
  try {
    const stream = context.engine.buildImage(classicQuery(request, name, context.engine.flavour), body, {
      signal: context.signal,
      ...(auths.length === 0 ? {} : { registryConfig: encodeRegistryConfig(auths) }),
    });
    for await (const message of stream) {
      const failure = message.errorDetail?.message ?? message.error;
      if (failure !== undefined && failure !== "") throw new BuildError(failure);
      output.take(message);
    }
    output.finish("done");
  } catch (error) {
    output.finish("failed");
    body?.destroy();
    if (context.signal.aborted) throw new AbortedError();
    const own = contextFailure();
    if (own !== undefined) throw own;
    if (!(error instanceof TcomposeError) || error.code === "engine-unreachable") throw error;
    throw toBuildError({
      service: request.service,
      message: error.message,
      step: output.failed(error.message),
      dockerfile,
      cause: error,
    });
  }
}

interface PackedContext {
  /** Name of the Dockerfile inside the context. */
  readonly name: string;
  readonly body: Readable | undefined;
  readonly contextFailure: () => TcomposeError | undefined;
}

function packContext(request: BuildRequest, dockerfile: DockerfileText, signal: AbortSignal): PackedContext {
  if (request.context.kind === "remote") {
    return { name: dockerfile.path, body: undefined, contextFailure: () => undefined };
  }
  const { root } = request.context;
  const inside = request.dockerfile.kind === "file" ? relative(root, request.dockerfile.path) : "..";
  const isForeign = inside === ".." || inside.startsWith(`..${sep}`);
  const name = isForeign ? FOREIGN_DOCKERFILE : inside.split(sep).join("/");
  const extra: ExtraFile[] = isForeign
    ? [{ path: name, content: Buffer.from(dockerfile.text ?? "", "utf8") }]
    : [];
  const patterns = ignorePatterns(root, request);
  // The builder needs both files, whatever the patterns say.
  const excludes = createMatcher(patterns.length === 0 ? [] : [...patterns, `!${name}`, `!${IGNORE_FILE}`]);
  const problem = excludes.problems[0];
  if (problem !== undefined) {
    throw new BuildError(`${IGNORE_FILE}: pattern "${problem.pattern}" is not valid: ${problem.message}`);
  }
  const body = contextTar({ root, excludes, signal }, extra);
  let failure: TcomposeError | undefined;
  body.on("error", (error) => {
    if (error instanceof TcomposeError) failure = error;
  });
  return { name, body, contextFailure: () => failure };
}

/** A Dockerfile's own ignore file comes before the context's. */
function ignorePatterns(root: string, request: BuildRequest): readonly string[] {
  const candidates = [join(root, IGNORE_FILE)];
  if (request.dockerfile.kind === "file") candidates.unshift(`${request.dockerfile.path}${IGNORE_FILE}`);
  for (const path of candidates) {
    try {
      return parseIgnoreFile(readFileSync(path, "utf8"));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") throw new BuildError(`cannot read ${path}: ${message}`, { cause: error });
    }
  }
  return [];
}

function classicQuery(request: BuildRequest, dockerfile: string, flavour: "docker" | "podman"): BuildQuery {
  const { build } = request;
  const shmSize = build.shm_size === undefined ? undefined : parseBytes(build.shm_size);
  return {
    version: "1",
    dockerfile,
    t: request.tags,
    remote: request.context.kind === "remote" ? request.context.url : undefined,
    buildargs: JSON.stringify(request.args),
    labels: JSON.stringify(request.labels),
    target: build.target,
    platform: request.platform,
    cachefrom: build.cache_from === undefined ? undefined : JSON.stringify(build.cache_from),
    ...hostsAndLimits(build, flavour),
    networkmode: build.network,
    shmsize: shmSize === undefined ? undefined : String(shmSize),
    isolation: build.isolation,
    memory: request.memory === undefined ? undefined : String(request.memory),
    nocache: request.noCache ? "1" : undefined,
    pull: request.pull ? "1" : undefined,
    rm: "1",
    forcerm: "1",
  };
}

/** Docker repeats the parameter and takes objects; Podman takes one JSON list of texts each. */
function hostsAndLimits(build: Build, flavour: "docker" | "podman"): BuildQuery {
  const hosts = (build.extra_hosts ?? []).map((host) => host.replace("=", ":"));
  const limits = Object.entries(build.ulimits ?? {}).map(([name, limit]) =>
    typeof limit === "number" ? { name, soft: limit, hard: limit } : { name, ...limit },
  );
  if (flavour === "podman") {
    const texts = limits.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`);
    return {
      extrahosts: hosts.length === 0 ? undefined : JSON.stringify(hosts),
      ulimits: texts.length === 0 ? undefined : JSON.stringify(texts),
    };
  }
  const objects = limits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard }));
  return { extrahosts: hosts, ulimits: objects.length === 0 ? undefined : JSON.stringify(objects) };
}

function refuseImpossible(request: BuildRequest, context: BuildContext): void {
  const { build } = request;
  const wanted: readonly (readonly [string, boolean])[] = [
    ["additional_contexts", Object.keys(build.additional_contexts ?? {}).length > 0],
    ["cache_to", (build.cache_to ?? []).length > 0],
    ["entitlements", (build.entitlements ?? []).length > 0],
    ["no_cache_filter", (build.no_cache_filter ?? []).length > 0],
    ["privileged", build.privileged === true],
    ["secrets", (build.secrets ?? []).length > 0],
    ["ssh", (build.ssh ?? []).length > 0],
    ["dockerfile_inline with a remote context", isInlineRemote(request)],
  ];
  const found = wanted.find(([, isWanted]) => isWanted);
  if (found === undefined) return;
  const name = context.engine.flavour === "podman" ? "Podman" : "the classic builder";
  throw new RefusedError(`build.${found[0]}: ${name} cannot do this through the Engine API`, {
    hint: "it needs an engine with BuildKit, such as Docker",
  });
}

function isInlineRemote(request: BuildRequest): boolean {
  return request.context.kind === "remote" && request.dockerfile.kind !== "remote";
}
