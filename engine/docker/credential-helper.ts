/** Runs `docker-credential-<name> get`, the protocol of Docker's credential helpers. */
import { AbortedError, UsageError } from "../error.ts";
import type { CredentialHelper, HelperCredentials } from "../images/auth.ts";

const NOT_FOUND = "credentials not found in native keychain";
/** Helpers refuse with a sentence; more than this is not one. */
const MAX_OUTPUT_BYTES = 1_048_576;

/** `env` is the environment that helpers get. Rejects with a UsageError when a helper is missing or fails. */
export function createCredentialHelper(env: Readonly<Record<string, string | undefined>>): CredentialHelper {
  return async (name, serverAddress, signal) => {
    const program = `docker-credential-${name}`;
    const result = await runHelper(program, serverAddress, env, signal);
    if (result.exitCode === 0) return parseAnswer(program, result.stdout);
    const text = `${result.stdout}${result.stderr}`.trim();
    if (text.includes(NOT_FOUND)) return undefined;
    throw new UsageError(`${program} could not give credentials for ${serverAddress}: ${text}`, {
      hint: "log in again, or remove it from credsStore or credHelpers of the Docker configuration",
    });
  };
}

interface HelperResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function runHelper(
  program: string,
  input: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined,
): Promise<HelperResult> {
  // Loaded where a helper runs: most runs need none, and start-up time counts.
  const { spawn } = await import("node:child_process");
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], {
      env: { ...env },
      stdio: ["pipe", "pipe", "pipe"],
      ...(signal === undefined ? {} : { signal }),
    });
    const out = { stdout: "", stderr: "" };
    const collect = (key: "stdout" | "stderr") => (data: Buffer) => {
      if (out[key].length < MAX_OUTPUT_BYTES) out[key] += data.toString("utf8");
    };
    child.stdout.on("data", collect("stdout"));
    child.stderr.on("data", collect("stderr"));
    // A helper that exits without reading its input is judged by its exit code.
    child.stdin.on("error", () => undefined);
    child.on("error", (cause: NodeJS.ErrnoException) => {
      if (signal?.aborted === true) reject(new AbortedError());
      else reject(startError(program, cause));
    });
    child.on("close", (exitCode) => {
      resolve({ exitCode, ...out });
    });
    child.stdin.end(input);
  });
}

function startError(program: string, cause: NodeJS.ErrnoException): UsageError {
  return new UsageError(
    cause.code === "ENOENT" ? `${program} is not installed` : `${program} cannot be run: ${cause.message}`,
    { hint: "the Docker configuration names it in credsStore or credHelpers", cause },
  );
}

function parseAnswer(program: string, text: string): HelperCredentials {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${program} answered something that is not JSON`, { cause });
  }
  const answer = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  const { Username: username, Secret: secret } = answer;
  if (typeof username !== "string" || typeof secret !== "string") {
    throw new UsageError(`${program} answered without user name and secret`);
  }
  return { username, secret };
}
