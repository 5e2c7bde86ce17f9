/** What the processes inside fake containers do, as a test decides it. */
import type { Readable } from "node:stream";
import { label } from "../../../engine/labels.ts";
import type { FakeContainer } from "./records.ts";

/** One `exec` as its process sees it. */
export interface FakeExecProcess {
  readonly container: FakeContainer;
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly user: string | undefined;
  readonly workingDir: string | undefined;
  readonly tty: boolean;
  readonly stdin: Readable;
  readonly stdout: (data: string | Buffer) => void;
  readonly stderr: (data: string | Buffer) => void;
}

export interface Behaviour {
  /** The process ends with this code soon after each start (an array: one code a start, the last repeats). */
  readonly exitCode?: number | readonly number[];
  /** How long until it ends, milliseconds. Default 0: right after `start` has answered. */
  readonly exitAfter?: number;
  /**
   * Of containers with a health check. `healthy` (default) and `unhealthy` are reached by themselves,
   * `manual` waits for `FakeEngine.setHealth`.
   */
  readonly health?: "healthy" | "unhealthy" | "manual";
  /** Milliseconds from start to the first health result. Default 0. */
  readonly healthyAfter?: number;
  /** Output of the failing probes. */
  readonly probeOutput?: string;
  /** `start` answers 500 with this message. */
  readonly startError?: string;
  /** Exit code after the stop signal. Default 143; `ignore`: killed when the time is over, 137. */
  readonly onStop?: number | "ignore";
  /** Milliseconds from the stop signal to the end. Default 0. */
  readonly stopsAfter?: number;
  /** Lines written to stdout at each start. */
  readonly logs?: readonly string[];
  /** The same with a stream each; texts bring their line ends. */
  readonly output?: readonly { readonly stream: "stdout" | "stderr"; readonly text: string }[];
  /** Answers each line typed into an attached container; an exit code ends it. Default: says it again, as `cat`. */
  readonly main?: (line: string) => { readonly output: string; readonly exitCode?: number };
  /** Runs for each exec and answers the exit code. Default: exit 0 without output. */
  readonly exec?: (process: FakeExecProcess) => number | Promise<number>;
}

export class Behaviours {
  readonly #of = new Map<string, Behaviour>();

  /** `selector`: container name, service name (by label) or image reference, in this order of precedence. */
  set(selector: string, behaviour: Behaviour): void {
    this.#of.set(selector, behaviour);
  }

  for(container: FakeContainer): Behaviour {
    const service = container.config.Labels?.[label.service];
    return (
      this.#of.get(container.name) ??
      (service === undefined ? undefined : this.#of.get(service)) ??
      this.#of.get(container.body.Image) ??
      {}
    );
  }
}
