/**
 * What BuildKit's own checks say about a Dockerfile, without building it. The client takes the frontend's place: it
 * opens a build that has none, has the Dockerfile frontend answer one question in it, and returns nothing.
 * Source: services `moby.buildkit.v1.Control` and `moby.buildkit.v1.frontend.LLBBridge`.
 */
import { randomBytes } from "node:crypto";
import type { FailurePlace } from "../error-facts.ts";
import { AbortedError, BuildError, RefusedError } from "../error.ts";
import type { DockerfileText } from "./context-check.ts";
import { MessageWriter, readFields } from "./protobuf.ts";
import { createGrpcClient, GrpcCallError, type GrpcClient } from "./session/grpc-client.ts";
import { FRONTEND, type SolveRequest } from "./solve.ts";
import type { BuildEngine } from "./context.ts";

export interface DockerfileWarning {
  /** e.g. `MaintainerDeprecated`. */
  readonly rule: string;
  readonly message: string;
  readonly url: string | undefined;
  readonly location: FailurePlace | undefined;
}

/** Lists without entries are null. */
interface LintAnswer {
  readonly warnings?:
    | readonly {
        readonly ruleName?: string;
        readonly detail?: string;
        readonly url?: string;
        readonly location?: LintLocation;
      }[]
    | null;
  readonly buildError?: { readonly message?: string; readonly location?: LintLocation };
}

interface LintLocation {
  readonly ranges?: readonly { readonly start?: { readonly line?: number } }[] | null;
}

const ASK = {
  requestid: "frontend.lint",
  "frontend.caps": "moby.buildkit.frontend.subrequests",
};
const BRIDGE = "/moby.buildkit.v1.frontend.LLBBridge";

/**
 * Rejects with RefusedError when the builder knows no checks, BuildError for a Dockerfile that cannot be read at all,
 * or AbortedError.
 */
export async function lintDockerfile(
  engine: Pick<BuildEngine, "openControl">,
  request: SolveRequest,
  dockerfile: DockerfileText,
  { engineName, signal }: { readonly engineName: string; readonly signal: AbortSignal },
): Promise<readonly DockerfileWarning[]> {
  const client = createGrpcClient(await engine.openControl({ signal }));
  try {
    return toWarnings(await ask(client, request, signal), dockerfile);
  } catch (error) {
    if (signal.aborted) throw new AbortedError();
    if (!(error instanceof GrpcCallError)) throw error;
    if (/unsupported request|unknown (?:api capability|service|method)/i.test(error.message)) {
      throw new RefusedError(`--check: the builder of ${engineName} has no checks for Dockerfiles`, {
        hint: "Docker 27 and newer have them",
        cause: error,
      });
    }
    throw new BuildError(error.message, { cause: error });
  } finally {
    client.close();
  }
}

async function ask(client: GrpcClient, request: SolveRequest, signal: AbortSignal): Promise<Buffer> {
  const ref = randomBytes(16).toString("hex");
  const opened = new MessageWriter().text(1, ref).text(5, request.sessionId).finish();
  const building = drain(client.call("/moby.buildkit.v1.Control/Solve", opened, signal));
  building.catch(() => undefined);
  const metadata = { "buildkit-controlapi-buildid": ref };
  const question = new MessageWriter()
    .text(2, FRONTEND)
    .map(3, { ...request.frontendAttributes, ...ASK })
    // Results are taken in the newer of the two forms.
    .number(5, 1)
    .number(6, 1)
    .finish();
  const answer = await drain(client.call(`${BRIDGE}/Solve`, question, signal, metadata));
  const empty = new MessageWriter().message(1, () => undefined).finish();
  await drain(client.call(`${BRIDGE}/Return`, empty, signal, metadata));
  await building;
  return answer;
}

/** The call's only message. */
async function drain(messages: AsyncIterable<Buffer>): Promise<Buffer> {
  let last: Buffer = Buffer.alloc(0);
  for await (const message of messages) last = message;
  return last;
}

function toWarnings(answer: Buffer, dockerfile: DockerfileText): readonly DockerfileWarning[] {
  const text = resultJson(answer);
  const { warnings, buildError } = JSON.parse(text) as LintAnswer;
  if (buildError?.message !== undefined) {
    const location = toLocation(buildError.location, dockerfile);
    throw new BuildError(buildError.message, location === undefined ? {} : { location });
  }
  return (warnings ?? []).map(({ ruleName = "", detail = "", url, location }) => ({
    rule: ruleName,
    message: detail,
    url: url === "" ? undefined : url,
    location: toLocation(location, dockerfile),
  }));
}

/** Field 3 of the answer is the result, whose field 10 holds its metadata. */
function resultJson(answer: Buffer): string {
  for (const result of readFields(answer)) {
    if (result.number !== 3) continue;
    for (const entry of readFields(result.bytes)) {
      if (entry.number !== 10) continue;
      const parts = new Map([...readFields(entry.bytes)].map((field) => [field.number, field.bytes]));
      if (parts.get(1)?.toString("utf8") === "result.json") return parts.get(2)?.toString("utf8") ?? "{}";
    }
  }
  return "{}";
}

function toLocation(
  location: LintLocation | undefined,
  { path, text }: DockerfileText,
): FailurePlace | undefined {
  const line = location?.ranges?.[0]?.start?.line;
  if (line === undefined || line < 1) return undefined;
  const found = text?.split("\n")[line - 1]?.trimEnd();
  return { file: path, line, ...(found === undefined ? {} : { text: found }) };
}
