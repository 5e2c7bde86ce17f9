/**
 * Progress on a terminal. listr2 keeps the tasks, one a resource, each settled by engine events; its renderer is
 * ours, because the picture has to stay inside the window, go to standard error, and leave signals alone.
 */
import type { ListrRenderer, ListrTask } from "listr2";
import type { EngineEvent } from "../../engine/event.ts";
import type { LiveArea } from "../live-area.ts";
import type { Output } from "../output.ts";
import type { Palette } from "../render/color.ts";
import { renderWarning } from "../render/warning.ts";
import { renderFrame } from "./frame.ts";
import { ProgressModel, type Row } from "./progress.ts";
import type { Reporter } from "./reporter.ts";

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

export interface TtyReporterOptions {
  readonly output: Output;
  readonly area: LiveArea;
  readonly colors: Palette;
  readonly now: () => number;
}

export function createTtyReporter(options: TtyReporterOptions): Reporter {
  let board: Board | undefined;
  return {
    handle(event: EngineEvent): void {
      if (event.type === "warning") {
        options.area.printAbove(() => options.output.write(`${renderWarning(event.warning)}\n`));
        return;
      }
      if (event.type === "plan") {
        void board?.finish();
        board = new Board(options, event.time);
      }
      board?.handle(event);
    },
    async close(): Promise<void> {
      await board?.finish();
      board = undefined;
    },
  };
}

/** The tasks of one plan. */
class Board {
  readonly #options: TtyReporterOptions;
  readonly #startedAt: number;
  readonly #model = new ProgressModel();
  readonly #settlers = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  #running: Promise<void> | undefined;
  #finished: Promise<void> | undefined;
  #closed = false;

  constructor(options: TtyReporterOptions, startedAt: number) {
    this.#options = options;
    this.#startedAt = startedAt;
  }

  handle(event: EngineEvent): void {
    this.#model.apply(event);
    if (event.type === "plan" && event.operations.length > 0) this.#running = this.#run();
    if (event.type === "operation-finished") this.#settleFinished();
  }

  /** Lets every task end as it stands and leaves the last picture, whole, on the terminal. */
  finish(): Promise<void> {
    this.#finished ??= this.#end();
    return this.#finished;
  }

  async #end(): Promise<void> {
    this.#closed = true;
    for (const { resolve } of this.#settlers.values()) resolve();
    if (this.#model.rows.size > 0) this.#options.area.finish(this.#frame("·", undefined));
    await this.#running;
  }

  async #run(): Promise<void> {
    const tasks = [...this.#model.rows.values()].map((row) => this.#taskOf(row));
    const { Listr } = await import("listr2");
    const draw = (spinner: string): void => {
      if (this.#closed) return;
      const rows = this.#options.output.rows();
      this.#options.area.draw(this.#frame(spinner, rows === undefined ? undefined : rows - 1));
    };
    const list = new Listr(tasks, {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: rendererClass(draw),
    });
    await list.run();
  }

  #taskOf(row: Row): ListrTask {
    const settled = new Promise<void>((resolve, reject) => this.#settlers.set(row.key, { resolve, reject }));
    // A task may fail before listr2 has begun to look at it.
    settled.catch(() => undefined);
    if (isSettled(row)) this.#settlers.get(row.key)?.resolve();
    return { title: row.title, task: () => settled };
  }

  #settleFinished(): void {
    for (const [key, { resolve, reject }] of this.#settlers) {
      const row = this.#model.rows.get(key);
      if (row === undefined || !isSettled(row)) continue;
      this.#settlers.delete(key);
      if (row.state === "failed") reject(new Error(row.error?.message ?? "failed"));
      else resolve();
    }
  }

  #frame(spinner: string, maxLines: number | undefined): string[] {
    return renderFrame([...this.#model.rows.values()], {
      colors: this.#options.colors,
      columns: this.#options.output.columns() ?? 80,
      maxLines,
      now: this.#options.now(),
      spinner,
      project: this.#model.project,
      startedAt: this.#startedAt,
    });
  }
}

function isSettled(row: Row): boolean {
  return row.pending === 0;
}

/** A renderer for listr2 that calls `draw` with the spinner's current character, at a calm pace. */
function rendererClass(draw: (spinner: string) => void) {
  return class FrameRenderer implements ListrRenderer {
    static readonly nonTTY = true;
    static readonly rendererOptions = {};
    static readonly rendererTaskOptions = {};
    readonly #timer: { handle?: NodeJS.Timeout } = {};
    #tick = 0;

    render(): void {
      const next = (): void => {
        draw(SPINNER[this.#tick % SPINNER.length] ?? "");
        this.#tick += 1;
      };
      next();
      this.#timer.handle = setInterval(next, FRAME_MS);
    }

    end(): void {
      clearInterval(this.#timer.handle);
    }
  };
}
