/**
 * Why a registry transfer failed. Engines report registry errors as free text (POST /images/create and
 * POST /images/{name}/push, in the stream or as a status), so the class is read from the text.
 */
import { EngineResponseError, TcomposeError } from "../error.ts";
import { DOCKER_HUB, registryHost } from "./reference.ts";

export type TransferFailure =
  /** The registry refused the credentials, or wants some. */
  | "auth"
  | "not-found"
  /** Docker Hub does not tell a private image from one that does not exist. */
  | "not-found-or-denied"
  | "platform"
  | "quota"
  /** There is nothing at the address: seldom passes by itself. */
  | "unreachable"
  /** Might work a moment later. */
  | "network"
  /** The registry speaks plain HTTP, or its certificate is not trusted. */
  | "insecure"
  | "disk-full"
  | "other";

const PATTERNS: readonly (readonly [TransferFailure, RegExp])[] = [
  ["quota", /toomanyrequests|too many requests|rate limit|quota exceeded|\b429\b/i],
  ["disk-full", /no space left on device|disk quota exceeded/i],
  [
    "platform",
    /no matching manifest for|does not match the (?:specified|expected) platform|no match for platform/i,
  ],
  ["not-found-or-denied", /pull access denied|requested access to the resource is denied/i],
  [
    "auth",
    /unauthorized|authentication required|no basic auth credentials|incorrect username or password|access denied|\b40[13]\b/i,
  ],
  ["insecure", /server gave HTTP response to HTTPS client|x509:|certificate signed by unknown/i],
  [
    "not-found",
    /manifest unknown|name unknown|repository name not known|manifest for .* not found|not found|no such image|\b404\b|does not exist/i,
  ],
  ["unreachable", /no such host|connection refused|network is unreachable|no route to host/i],
  [
    "network",
    /timeout|timed out|connection reset|temporary failure|server misbehaving|\bEOF\b|TLS handshake|broken pipe|\b50[0234]\b|internal server error|bad gateway|service unavailable/i,
  ],
];

export function classifyTransferFailure(message: string): TransferFailure {
  return PATTERNS.find(([, pattern]) => pattern.test(message))?.[0] ?? "other";
}

/** Milliseconds to wait before each further attempt. Only what may pass by itself is tried again. */
export function retryDelays(failure: TransferFailure): readonly number[] {
  switch (failure) {
    case "network":
      return [500, 2_000, 5_000];
    case "unreachable":
      return [1_000];
    case "quota":
      return [10_000, 30_000];
    case "auth":
    case "not-found":
    case "not-found-or-denied":
    case "platform":
    case "insecure":
    case "disk-full":
    case "other":
      return [];
    default:
      return failure satisfies never;
  }
}

/** What to do about it. `login` tells whether credentials were sent. */
export function transferHint(
  failure: TransferFailure,
  reference: string,
  hasCredentials: boolean,
): string | undefined {
  const host = registryHost(reference);
  const login = host === DOCKER_HUB ? "docker login" : `docker login ${host}`;
  switch (failure) {
    case "auth":
      return hasCredentials ? `the stored credentials were refused: run "${login}" again` : `run "${login}"`;
    case "not-found-or-denied":
      return `check the name, or run "${login}" when it is private`;
    case "not-found":
      return "check the name and the tag";
    case "platform":
      return "the image does not exist for this platform: choose another with platform, or another tag";
    case "quota":
      return hasCredentials ? "wait, or use a mirror" : `run "${login}" for a higher limit, or use a mirror`;
    case "network":
    case "unreachable":
      return `the engine could not reach ${host}: check the network, proxy and registry`;
    case "insecure":
      return `add ${host} to the engine's insecure-registries, or trust its certificate there`;
    case "disk-full":
      return 'the engine\'s disk is full: "docker system df" shows what uses it';
    case "other":
      return undefined;
    default:
      return failure satisfies never;
  }
}

/** The engine's own words, free of our wrapping. */
export function failureText(error: unknown): string {
  if (error instanceof EngineResponseError && error.engineMessage !== "") return error.engineMessage;
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error came from the registry at all: anything else is passed on as it is. */
export function isTransferError(error: unknown): error is TcomposeError {
  return (
    error instanceof TcomposeError &&
    ["engine-response", "engine-protocol", "operation-failed"].includes(error.code)
  );
}
