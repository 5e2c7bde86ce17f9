/** Makes one BuildError of what a builder says: the failing step, its last lines, the Dockerfile line. */
import { BuildError } from "../error.ts";
import type { FailedStep } from "./progress.ts";
import { readFields } from "./protobuf.ts";
import { locateStep } from "./dockerfile.ts";

export interface BuildFailure {
  readonly service: string;
  /** The builder's own message. */
  readonly message: string;
  readonly step: FailedStep | undefined;
  /** `grpc-status-details-bin`, where the builder sent it. */
  readonly details?: Buffer | undefined;
  readonly dockerfile: { readonly path: string; readonly text: string | undefined };
  readonly cause?: unknown;
}

const STEP_NAME_LENGTH = 72;

export function toBuildError(failure: BuildFailure): BuildError {
  const { step, dockerfile, service } = failure;
  const line =
    sourceLine(failure.details) ??
    mentionedLine(failure.message) ??
    (step === undefined || dockerfile.text === undefined
      ? undefined
      : locateStep(dockerfile.text, step.name));
  const reason = cleanMessage(failure.message);
  const text = line === undefined ? undefined : textOf(dockerfile, line).text;
  const what =
    step === undefined
      ? reason
      : `${text === undefined ? step.name : shortName(step.name)}: ${cleanMessage(withoutStep(step.error, step.name))}`;
  return new BuildError(`cannot build ${service}: ${what}`, {
    tail: step?.tail ?? [],
    ...(line === undefined ? {} : { location: { file: dockerfile.path, line, ...textOf(dockerfile, line) } }),
    hint: failureHint(failure.message) ?? outputHint(step?.tail ?? []),
    cause: failure.cause,
  });
}

/** The Dockerfile's line tells the command in full; here the reason must not be lost behind it. */
function shortName(name: string): string {
  return name.length <= STEP_NAME_LENGTH ? name : `${name.slice(0, STEP_NAME_LENGTH - 1)}…`;
}

/** Podman tells the step in each message about it. */
function withoutStep(message: string, stepName: string): string {
  const prefix = `building at STEP "${stepName.replace(/^\[[^\]]*\]\s*/, "")}": `;
  if (!message.startsWith(prefix)) return message;
  return message
    .slice(prefix.length)
    .replace(/^while running runtime: /, "")
    .replace(/^checking on sources under "[^"]*": /, "");
}

function textOf({ text }: BuildFailure["dockerfile"], line: number): { readonly text?: string } {
  const found = text?.split("\n")[line - 1]?.trimEnd();
  return found === undefined ? {} : { text: found };
}

/** Wrappings that say nothing to the reader. */
function cleanMessage(message: string): string {
  return message
    .replace(
      /^(?:(?:failed to solve(?: with frontend [^:]+)?|rpc error: code = \w+ desc =|failed to (?:build LLB|create LLB definition)):?\s*)+/g,
      "",
    )
    .replace(/^process "(.*)" did not complete successfully: /s, "")
    .replace(/failed to compute cache key: |failed to calculate checksum of ref \S+: /g, "")
    .replace(/ &imagebuilder\.Step\{.*$/s, "")
    .replace(/git stderr:\n/g, "")
    .replace(/\n: exit status \d+$/, "")
    .replace(/^executor failed running \[.*?\]: /s, "");
}

const DISK_FULL = /no space left on device/i;
const DISK_FULL_HINT = 'the engine\'s disk is full: "docker builder prune" frees build cache';

/** What the step's own words give away, where the builder knows its exit code alone. */
function outputHint(tail: readonly string[]): string | undefined {
  return tail.some((line) => DISK_FULL.test(line)) ? DISK_FULL_HINT : undefined;
}

function failureHint(message: string): string | undefined {
  if (DISK_FULL.test(message)) return DISK_FULL_HINT;
  if (/entitlement|is not allowed/i.test(message) && /security\.insecure|network\.host/.test(message)) {
    return "the engine's builder does not permit it: see builder.entitlements of the engine's configuration";
  }
  const secret = /secret ([^:\s]+):? not found/.exec(message)?.[1];
  if (secret !== undefined) return `the step asks for secret ${secret}: name it in build.secrets`;
  if (/unset ssh forward key|no SSH key|invalid empty ssh agent socket/i.test(message)) {
    return "the step asks for an ssh agent: name it in build.ssh";
  }
  if (/"[^"]+":? not found|copier: stat: .*no such file/.test(message)) {
    return "it is not in the build context, or .dockerignore excludes it";
  }
  if (/load metadata for .*not found|\S+:\S+: not found/s.test(message)) {
    return "check the image's name and tag, or run docker login when it is private";
  }
  if (message.includes("subdir not supported")) {
    return "this engine's builder cannot build a sub-directory of a repository: Docker 23 and newer can";
  }
  if (message.includes("does not contain ref master")) {
    return "this engine's builder takes the branch master unless the address names another: add #main";
  }
  if (/load (?:remote build context|git source)|invalid response status \d/.test(message)) {
    return "the engine fetches it by itself: check the address, and that the engine can reach it";
  }
  if (/unknown cache exporter|cache export(?:er)? .*not supported/i.test(message)) {
    return "the engine's built-in builder writes type=inline, and others only with the containerd image store";
  }
  if (/no such host|connection refused|i\/o timeout|network is unreachable/i.test(message)) {
    return "the engine could not reach the registry: check the name, network and proxy";
  }
  const mirror = refusingMirror(message);
  if (mirror !== undefined) return `${mirror} wants a password: run "docker login ${mirror}"`;
  if (/401|403|authorization failed|pull access denied|insufficient_scope/i.test(message)) {
    return "check the image's name, or run docker login";
  }
  return undefined;
}

/** The host that turned a pull away, where it is another one than the image's name tells: a mirror of the engine. */
function refusingMirror(message: string): string | undefined {
  const found = /pulling from host (\S+) failed .*: 401\b|request to https?:\/\/([^/\s]+)\/\S+: 401\b/.exec(
    message,
  );
  const host = found?.[1] ?? found?.[2];
  return host === undefined || host.endsWith("docker.io") ? undefined : host;
}

/** "dockerfile parse error on line 3", "Dockerfile:3". */
function mentionedLine(message: string): number | undefined {
  const text = /parse error (?:on )?line (\d+)/.exec(message)?.[1] ?? /Dockerfile:(\d+)/.exec(message)?.[1];
  return text === undefined ? undefined : Number(text);
}

/** First line of the first range of an `errdefs.Source` detail, in either of its encodings. */
function sourceLine(details: Buffer | undefined): number | undefined {
  if (details === undefined) return undefined;
  for (const any of fieldsOf(details, 3)) {
    const [url] = fieldsOf(any, 1);
    const [value] = fieldsOf(any, 2);
    if (url === undefined || value === undefined || !url.includes("errdefs.Source")) continue;
    const line = url.includes("+json") ? jsonLine(value) : protobufLine(value);
    if (line !== undefined && line > 0) return line;
  }
  return undefined;
}

function protobufLine(source: Buffer): number | undefined {
  const [range] = fieldsOf(source, 2);
  const [start] = range === undefined ? [] : fieldsOf(range, 1);
  if (start === undefined) return undefined;
  for (const field of readFields(start)) if (field.number === 1) return Number(field.value);
  return undefined;
}

function jsonLine(source: Buffer): number | undefined {
  try {
    const parsed = JSON.parse(source.toString("utf8")) as {
      readonly ranges?: readonly { readonly start?: { readonly line?: number } }[];
    };
    return parsed.ranges?.[0]?.start?.line;
  } catch {
    return undefined;
  }
}

function fieldsOf(message: Buffer, number: number): readonly Buffer[] {
  return [...readFields(message)].filter((field) => field.number === number).map((field) => field.bytes);
}
