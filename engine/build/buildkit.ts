/** One build on the engine's built-in BuildKit. */
import { createHash } from "node:crypto";
import { homedir, hostname } from "node:os";
import { basename, dirname } from "node:path";
import { isContainerdStore } from "../images/store.ts";
import { AbortedError, RefusedError, TcomposeError } from "../error.ts";
import { dockerfileName, toSolveRequest } from "./attributes.ts";
import { checkContext, checkDirectory, type DockerfileText } from "./context-check.ts";
import type { BuildContext } from "./context.ts";
import { hasSyntaxDirective } from "./dockerfile.ts";
import { toBuildError } from "./failure.ts";
import { ignoredAttributes, supportsNamedContexts, toldAsIgnored } from "./capability.ts";
import { lintDockerfile, type DockerfileWarning } from "./lint.ts";
import { namedContexts, type NamedContext } from "./named-context.ts";
import { trackProgress } from "./progress.ts";
import type { BuildRequest } from "./request.ts";
import type { SyncSource } from "./session/file-sync.ts";
import { GrpcCallError } from "./session/grpc-client.ts";
import { newSessionId, openBuildSession, type BuildSession } from "./session/session.ts";
import { secretSources, sshSources } from "./sources.ts";
import type { AgentConnector } from "./session/ssh-forward.ts";
import { solve, type SolveRequest } from "./solve.ts";

interface Prepared {
  readonly dockerfile: DockerfileText;
  readonly named: readonly NamedContext[];
  readonly draft: SolveRequest;
  readonly secrets: ReadonlyMap<string, () => Promise<Buffer>>;
  readonly sshAgents: ReadonlyMap<string, AgentConnector>;
  /** A line about what the build asks for that this engine passes over. */
  readonly ignored: string | undefined;
}

/** Whether it makes a difference, so that most builds need not look. */
function asksForContainerdStore({ build, platforms }: BuildRequest): boolean {
  return platforms.length > 0 || (build.cache_to ?? []).length > 0;
}

async function hasContainerd(engine: BuildContext["engine"], signal: AbortSignal): Promise<boolean> {
  return isContainerdStore(await engine.info({ signal }));
}

/** Rejects with what can be refused before anything is sent: see `buildWithBuildKit`. */
export async function prepareBuildKit(request: BuildRequest, context: BuildContext): Promise<Prepared> {
  const { engine } = context;
  const dockerfile = checkContext(request);
  const engineName = await context.describeEngine();
  const named = namedContexts(request, context.imageOf, engineName);
  if (named.length > 0) checkNamed(named, engine.apiVersion, dockerfile, engineName);
  const [gateway, hasContainerdStore] = await Promise.all([
    hostGateway(request, context),
    asksForContainerdStore(request) && hasContainerd(engine, context.signal),
  ]);
  const facts = { engineName, hostGateway: gateway, hasContainerdStore };
  return {
    dockerfile,
    named,
    draft: toSolveRequest(request, named, facts, ""),
    secrets: secretSources(request, context),
    sshAgents: sshSources(request, context),
    ignored: toldAsIgnored(ignoredAttributes(request, engine.apiVersion), engineName),
  };
}

/**
 * Builds and names the image. Rejects with BuildError (a step failed, the context cannot be read), RefusedError (the
 * built-in builder cannot do it) or AbortedError, which also cancels the build.
 */
export async function buildWithBuildKit(request: BuildRequest, context: BuildContext): Promise<void> {
  const { engine, signal } = context;
  const prepared = await prepareBuildKit(request, context);
  const { dockerfile, draft, ignored } = prepared;
  if (ignored !== undefined) context.progress({ type: "output", stream: "stderr", line: ignored });
  const sessionId = newSessionId();
  const progress = trackProgress(context.progress);
  const stop = new AbortController();
  const control = await engine.openControl({ signal });
  // Before the session, which the builder waits for: it looks at the machine first, for some 50 ms.
  const solving = solve(
    control,
    { ...draft, sessionId },
    progress.take,
    AbortSignal.any([signal, stop.signal]),
  );
  // Heard below; until then a failure must not count as unheard.
  solving.catch(() => undefined);
  let session: BuildSession | undefined;
  try {
    // What the call has written goes out.
    await new Promise((resolve) => setImmediate(resolve));
    session = await openSession(sessionId, request, prepared, context);
    await solving;
  } catch (error) {
    stop.abort();
    await solving.catch(() => undefined);
    progress.finish();
    throw explain(error, request, dockerfile, session, progress.failed(), signal);
  } finally {
    progress.finish();
    session?.close();
  }
}

/** Rejects as `lintDockerfile` does. */
export async function lintWithBuildKit(
  request: BuildRequest,
  context: BuildContext,
): Promise<readonly DockerfileWarning[]> {
  const prepared = await prepareBuildKit(request, context);
  const sessionId = newSessionId();
  const session = await openSession(sessionId, request, prepared, context);
  try {
    const solveRequest = { ...prepared.draft, sessionId };
    const engineName = await context.describeEngine();
    const { signal } = context;
    return await lintDockerfile(context.engine, solveRequest, prepared.dockerfile, { engineName, signal });
  } finally {
    session.close();
  }
}

async function openSession(
  id: string,
  request: BuildRequest,
  { named, secrets, sshAgents }: Prepared,
  { engine, credentials, signal }: BuildContext,
): Promise<BuildSession> {
  return openBuildSession(
    engine,
    {
      id,
      sharedKey: sharedKey(request),
      directories: directories(request, named),
      secrets,
      sshAgents,
      credentials,
    },
    signal,
  );
}

function explain(
  error: unknown,
  request: BuildRequest,
  dockerfile: DockerfileText,
  session: BuildSession | undefined,
  step: Parameters<typeof toBuildError>[0]["step"],
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return new AbortedError();
  if (!(error instanceof GrpcCallError)) return error;
  const own = session?.failure();
  if (own instanceof TcomposeError) return own;
  return toBuildError({
    service: request.service,
    message: error.message,
    step,
    details: error.details,
    dockerfile,
    cause: error,
  });
}

function checkNamed(
  named: readonly NamedContext[],
  apiVersion: string,
  dockerfile: DockerfileText,
  engineName: string,
): void {
  if (!supportsNamedContexts(apiVersion, hasSyntaxDirective(dockerfile.text ?? ""))) {
    throw new RefusedError(`build.additional_contexts: ${engineName} does not know additional contexts`, {
      hint: 'they need Docker 23, or a first Dockerfile line "# syntax=docker/dockerfile:1"',
    });
  }
  for (const { directory } of named) {
    if (directory?.source.kind === "directory") checkDirectory(directory.source.root);
  }
}

function directories(request: BuildRequest, named: readonly NamedContext[]): ReadonlyMap<string, SyncSource> {
  const served = new Map<string, SyncSource>();
  const { context, dockerfile } = request;
  if (context.kind === "local") served.set("context", { kind: "directory", root: context.root });
  if (dockerfile.kind === "file") {
    served.set("dockerfile", { kind: "directory", root: dirname(dockerfile.path) });
  } else if (dockerfile.kind === "inline") {
    const files = new Map([[dockerfileName(request), Buffer.from(dockerfile.text, "utf8")]]);
    served.set("dockerfile", { kind: "memory", files });
  }
  for (const { directory } of named)
    if (directory !== undefined) served.set(directory.name, directory.source);
  return served;
}

/** Machine, user (by home: asking for the user takes 2 ms) and directory: the builder keeps what it was sent under this name. */
function sharedKey(request: BuildRequest): string {
  const { context, dockerfile } = request;
  const place = context.kind === "local" ? context.root : context.url;
  const file = dockerfile.kind === "file" ? basename(dirname(dockerfile.path)) : dockerfile.kind;
  const hash = createHash("sha256");
  for (const part of ["tcompose", hostname(), homedir(), place, file]) hash.update(part).update("\0");
  return hash.digest("hex");
}

/** The default bridge's address, which is what the engine itself uses: where it is not told, the subnet's first. */
export async function hostGateway(request: BuildRequest, context: BuildContext): Promise<string | undefined> {
  if (!(request.build.extra_hosts ?? []).some((host) => host.endsWith("host-gateway"))) return undefined;
  const bridge = await context.engine.inspectNetwork("bridge", { signal: context.signal });
  for (const { Gateway, Subnet } of bridge?.IPAM?.Config ?? []) {
    if (Gateway !== undefined && Gateway !== "") return Gateway;
    const [, network, last] = /^(\d+\.\d+\.\d+)\.(\d+)\//.exec(Subnet ?? "") ?? [];
    if (network !== undefined) return `${network}.${Number(last) + 1}`;
  }
  return undefined;
}
