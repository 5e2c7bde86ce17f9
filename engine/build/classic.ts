/**
 * Builds where BuildKit is missing (Podman, Windows containers): the context travels as a tar stream.
 * Source: Engine API `POST /build`.
 */
import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { AbortedError, BuildError, TcomposeError } from "../error.ts";
import { encodeRegistryConfig } from "../images/auth.ts";
import type { BuildQuery } from "../docker/api.ts";
import { parseIgnoreFile, type Matcher } from "../watch/match.ts";
import { hostGateway } from "./buildkit.ts";
import { toldAsIgnored } from "./capability.ts";
import { ignoredAttributes, refuseImpossible } from "./classic-limits.ts";
import { usableMatcher } from "./ignore.ts";
import { trackClassicOutput } from "./classic-output.ts";
import { classicQuery, secretFiles, type SecretFile } from "./classic-query.ts";
import { checkContext, type DockerfileText } from "./context-check.ts";
import type { BuildContext } from "./context.ts";
import { toBuildError } from "./failure.ts";
import type { BuildRequest } from "./request.ts";
import { contextTar, type ExtraFile } from "./tar.ts";
import type { Readable } from "node:stream";

const IGNORE_FILE = ".dockerignore";
/** Where a Dockerfile from outside the context (or from the stack file) is put. */
const FOREIGN_DOCKERFILE = ".tcompose.Dockerfile";

interface Prepared {
  readonly dockerfile: DockerfileText;
  readonly files: ContextFiles | undefined;
  readonly query: BuildQuery;
  /** A line about what the build asks for that this builder passes over. */
  readonly ignored: string | undefined;
}

/** Rejects with what can be refused before anything is sent: see `buildWithBuildKit`. */
export async function prepareClassic(request: BuildRequest, context: BuildContext): Promise<Prepared> {
  const engineName = await context.describeEngine();
  const { flavour } = context.engine;
  refuseImpossible(request, flavour, engineName);
  const dockerfile = checkContext(request);
  const secrets = flavour === "podman" ? await secretFiles(request, context) : [];
  const gateway = flavour === "podman" ? await hostGateway(request, context) : undefined;
  const files = contextFiles(request, dockerfile, secrets);
  return {
    dockerfile,
    files,
    query: classicQuery(request, { dockerfile: files?.name ?? dockerfile.path, flavour, secrets, gateway }),
    ignored: toldAsIgnored(ignoredAttributes(request, flavour), engineName),
  };
}

/** Rejects as `buildWithBuildKit` does. */
export async function buildClassic(request: BuildRequest, context: BuildContext): Promise<void> {
  const { dockerfile, files, query, ignored } = await prepareClassic(request, context);
  if (ignored !== undefined) context.progress({ type: "output", stream: "stderr", line: ignored });
  const { body, contextFailure } = packContext(files, context.signal);
  const auths = await context.credentials.all(context.signal);
  const output = trackClassicOutput(context.progress);
  try {
    const stream = context.engine.buildImage(query, body, {
      signal: context.signal,
      ...(auths.length === 0 ? {} : { registryConfig: encodeRegistryConfig(auths) }),
    });
    for await (const message of stream) {
      const failure = message.errorDetail?.message ?? message.error;
      if (failure !== undefined && failure !== "") throw new BuildError(failure.trim());
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

interface ContextFiles {
  readonly root: string;
  /** Name of the Dockerfile inside the context. */
  readonly name: string;
  readonly excludes: Matcher;
  readonly extra: readonly ExtraFile[];
}

/** Undefined for a remote context. */
function contextFiles(
  request: BuildRequest,
  dockerfile: DockerfileText,
  secrets: readonly SecretFile[],
): ContextFiles | undefined {
  if (request.context.kind === "remote") return undefined;
  const { root } = request.context;
  const inside = request.dockerfile.kind === "file" ? relative(root, request.dockerfile.path) : "..";
  const isForeign = inside === ".." || inside.startsWith(`..${sep}`);
  const name = isForeign ? FOREIGN_DOCKERFILE : inside.split(sep).join("/");
  const patterns = ignorePatterns(root, request);
  // The builder needs both files, whatever the patterns say.
  const excludes = usableMatcher(patterns.length === 0 ? [] : [...patterns, `!${name}`, `!${IGNORE_FILE}`]);
  const foreign = isForeign ? [{ path: name, content: Buffer.from(dockerfile.text ?? "", "utf8") }] : [];
  return { root, name, excludes, extra: [...foreign, ...secrets] };
}

interface PackedContext {
  readonly body: Readable | undefined;
  readonly contextFailure: () => TcomposeError | undefined;
}

function packContext(files: ContextFiles | undefined, signal: AbortSignal): PackedContext {
  if (files === undefined) return { body: undefined, contextFailure: () => undefined };
  const { root, excludes, extra } = files;
  const body = contextTar({ root, excludes, signal }, extra);
  let failure: TcomposeError | undefined;
  body.on("error", (error) => {
    if (error instanceof TcomposeError) failure = error;
  });
  return { body, contextFailure: () => failure };
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
