/** Container output to standard output and error, line by line with prefixes, no faster than the reader reads. */
import type { LogEvent, LogLines, LogState } from "../../engine/logs/model.ts";
import type { LiveArea } from "../live-area.ts";
import type { Output } from "../output.ts";
import { LogLineFormatter, shortContainerName, type LogLineOptions } from "../render/log-line.ts";

export interface LogPrinterOptions extends LogLineOptions {
  readonly project: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Progress that may be on the terminal now. */
  readonly area?: LiveArea;
  /** Say when containers exit and restart. */
  readonly states: boolean;
}

export class LogPrinter {
  readonly #options: LogPrinterOptions;
  readonly #formatter: LogLineFormatter;

  constructor(options: LogPrinterOptions) {
    this.#options = options;
    this.#formatter = new LogLineFormatter(options);
  }

  /** Container names that are going to appear, for the width of the prefix. */
  announce(containers: readonly string[]): void {
    this.#formatter.announce(containers.map((name) => this.#short(name)));
  }

  /** The promise, where there is one, asks to wait before the next event. */
  handle(event: LogEvent): Promise<void> | undefined {
    if (event.type === "lines") return this.#printLines(event);
    if (event.type === "unreadable")
      this.#say(`warning: no output of ${event.container}: ${event.error.message}`);
    else this.#printState(event);
    return undefined;
  }

  #printLines(event: LogLines): Promise<void> | undefined {
    const name = this.#short(event.container);
    const { timestamps } = event;
    const text = event.lines
      .map((line, i) => this.#formatter.format(event.service, name, line, timestamps?.[i]))
      .join("");
    const output = event.stream === "stderr" ? this.#options.stderr : this.#options.stdout;
    return this.#write(output, text);
  }

  #printState(event: LogState): void {
    if (!this.#options.states) return;
    const name = this.#short(event.container);
    if (event.state === "exited") this.#say(`${name} exited with code ${event.exitCode ?? 0}`);
    if (event.state === "restarting")
      this.#say(`${name} exited with code ${event.exitCode ?? 0} (restarting)`);
    if (event.state === "removed") this.#say(`${name} has been removed`);
  }

  #say(text: string): void {
    void this.#write(this.#options.stderr, `${text}\n`);
  }

  #write(output: Output, text: string): Promise<void> | undefined {
    const { area } = this.#options;
    if (area === undefined) output.write(text);
    else area.printAbove(() => output.write(text));
    return output.isCongested() ? output.ready() : undefined;
  }

  #short(container: string): string {
    return shortContainerName(this.#options.project, container);
  }
}
