/** Failures of the connection and error answers, as errors that say what happened. */
import {
  AbortedError,
  EngineProtocolError,
  EngineResponseError,
  EngineUnreachableError,
  TcomposeError,
} from "../error.ts";

/** The connection was never made. Codes of node:net and node:tls. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such socket",
  ECONNREFUSED: "nothing listens there",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOTSOCK: "this is not a socket",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name cannot be resolved now",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "no answer in time",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not signed by the given authority",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not signed by the given authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not signed by the given authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is not signed by the given authority",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  EPROTO: "it does not speak TLS",
};

/** Plain words for why a connection failed. */
function describeConnectFailure(error: unknown): string {
  const code = codeOf(error);
  const known = code === undefined ? undefined : UNREACHABLE[code];
  if (known !== undefined) return `${known} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/** Any failure of a request, once for all phases: connecting, sending, waiting, reading. */
export function toEngineError(
  error: unknown,
  at: { readonly endpoint: string; readonly operation: string; readonly signal?: AbortSignal | undefined },
): TcomposeError {
  if (at.signal?.aborted === true)
    return new AbortedError(`aborted during ${at.operation}`, { cause: error });
  if (error instanceof TcomposeError) return error;
  const code = codeOf(error);
  if (code !== undefined && UNREACHABLE[code] !== undefined) {
    const reason = describeConnectFailure(error);
    return new EngineUnreachableError(
      `cannot reach the container engine at ${at.endpoint}: ${reason}`,
      [{ endpoint: at.endpoint, reason }],
      { cause: error, hint: "is the engine running? It answered before, or the address is wrong" },
    );
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new EngineProtocolError(`the connection to the engine broke during ${at.operation}: ${detail}`, {
    cause: error,
    hint: `the engine at ${at.endpoint} may have been stopped or restarted`,
  });
}

/** An answer with status 400 or above. `body` is its text: `{"message": ...}`, or plain. */
export function toResponseError(status: number, operation: string, body: string): EngineResponseError {
  const { message, cause } = parseErrorBody(body);
  return new EngineResponseError(refineStatus(status, cause), operation, message);
}

/** Podman answers many conflicts as 500 and tells the kind in `cause`; callers should see what Docker would say. */
const PODMAN_CAUSES: Readonly<Record<string, number>> = {
  "that name is already in use": 409,
  "network already exists": 409,
  "volume already exists": 409,
  "volume is being used": 409,
  "network is being used": 403,
  "container state improper": 409,
  "network not found": 404,
  "no such container": 404,
  "no such volume": 404,
  "image not known": 404,
};

function refineStatus(status: number, cause: string | undefined): number {
  if (status !== 500 || cause === undefined) return status;
  return PODMAN_CAUSES[cause] ?? status;
}

function parseErrorBody(body: string): { readonly message: string; readonly cause: string | undefined } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) {
      const cause = "cause" in parsed && typeof parsed.cause === "string" ? parsed.cause : undefined;
      return { message: String(parsed.message), cause };
    }
  } catch {
    // Not JSON: proxies and very early failures answer in plain text.
  }
  return { message: body.trim().slice(0, 2000), cause: undefined };
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
