/** Turns BuildKit's status messages into progress facts, and keeps what an error message will need. */
import { StringDecoder } from "node:string_decoder";
import type { Progress } from "../event.ts";
import type { BuildStatus, Vertex, VertexLog, VertexStatus } from "./trace.ts";
import { shortened, visibleLine } from "./visible.ts";

export interface FailedStep {
  readonly name: string;
  readonly error: string;
  /** Its last output lines. */
  readonly tail: readonly string[];
}

export interface BuildProgress {
  readonly take: (status: BuildStatus) => void;
  /** Reports output that did not end with a line break. */
  finish(): void;
  /** The step that failed by itself, where the builder named one. */
  failed(): FailedStep | undefined;
}

const TAIL_LINES = 30;

interface StepState {
  name: string;
  state: "started" | "cached" | "done" | "failed" | undefined;
  error: string;
  readonly tail: string[];
  readonly rest: { stdout: string; stderr: string };
  /** A character may come in two messages. */
  readonly decoders: { readonly stdout: StringDecoder; readonly stderr: StringDecoder };
}

export function trackProgress(report: (progress: Progress) => void): BuildProgress {
  const steps = new Map<string, StepState>();
  const stepOf = (digest: string): StepState => {
    const known = steps.get(digest);
    if (known !== undefined) return known;
    const step: StepState = {
      name: digest,
      state: undefined,
      error: "",
      tail: [],
      rest: { stdout: "", stderr: "" },
      decoders: { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") },
    };
    steps.set(digest, step);
    return step;
  };
  const line = (digest: string, step: StepState, stream: "stdout" | "stderr", text: string): void => {
    step.tail.push(shortened(text));
    if (step.tail.length > TAIL_LINES) step.tail.shift();
    report({ type: "output", step: digest, stream, line: text });
  };
  const takeLog = (log: VertexLog): void => {
    const step = stepOf(log.vertex);
    const lines = (step.rest[log.stream] + step.decoders[log.stream].write(log.data)).split("\n");
    step.rest[log.stream] = lines.pop() ?? "";
    for (const text of lines) line(log.vertex, step, log.stream, visibleLine(text));
  };
  return {
    take: (status) => {
      for (const vertex of status.vertices) takeVertex(vertex, stepOf(vertex.digest), report);
      for (const transfer of status.statuses) report(toTransfer(transfer));
      for (const log of status.logs) takeLog(log);
    },
    finish: () => {
      for (const [digest, step] of steps) {
        for (const stream of ["stdout", "stderr"] as const) {
          if (step.rest[stream] !== "") line(digest, step, stream, visibleLine(step.rest[stream]));
          step.rest[stream] = "";
        }
      }
    },
    failed: () => {
      const failed = [...steps.values()].filter((step) => step.state === "failed");
      const step = failed.find((one) => !isCancelled(one.error)) ?? failed[0];
      return step === undefined ? undefined : { name: step.name, error: step.error, tail: step.tail };
    },
  };
}

function takeVertex(vertex: Vertex, step: StepState, report: (progress: Progress) => void): void {
  // Continued lines come with their indentation.
  step.name = vertex.name.replace(/\s+/g, " ");
  if (vertex.started === undefined) return;
  const facts = { type: "step", step: vertex.digest, name: step.name } as const;
  if (step.state === undefined) {
    step.state = "started";
    report({ ...facts, state: "started" });
  }
  if (vertex.completed === undefined || step.state !== "started") return;
  step.error = vertex.error;
  step.state = vertex.error !== "" ? "failed" : vertex.cached ? "cached" : "done";
  report({ ...facts, state: step.state, durationMs: Math.max(0, vertex.completed - vertex.started) });
}

function toTransfer(status: VertexStatus): Progress {
  return {
    type: "transfer",
    item: status.id,
    phase: status.completed === undefined ? status.name || status.id : "done",
    current: status.current,
    ...(status.total > 0 ? { total: status.total } : {}),
  };
}

function isCancelled(error: string): boolean {
  return /context cancell?ed/.test(error);
}
