/** Keys of `up` in the foreground: what can be done while it shows the output, and a line that says so. */
import type { CliContext } from "./context.ts";
import type { LiveArea } from "./live-area.ts";
import type { Palette } from "./render/color.ts";
import { truncate } from "./render/text.ts";

export interface MenuOptions {
  readonly context: CliContext;
  readonly area: LiveArea;
  readonly colors: Palette;
  /** Undefined: no service has files to watch. */
  readonly watch: { readonly isOn: boolean; toggle(): void } | undefined;
}

const CTRL_C = "\u0003";
const CTRL_Z = "\u001A";
const QUIT = "\u001C";

export class Menu {
  /** Resolves when the user leaves the stack running. */
  readonly detached: Promise<void>;
  readonly #options: MenuOptions;
  #detach: () => void = () => undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: MenuOptions) {
    this.#options = options;
    this.detached = new Promise((resolve) => {
      this.#detach = resolve;
    });
  }

  open(): void {
    const { stdin, stderr } = this.#options.context;
    if (this.#stopListening !== undefined) return;
    const onData = (data: Buffer): void => {
      for (const key of data.toString("latin1")) this.#press(key);
    };
    const onResume = (): void => {
      stdin.setRawMode(true);
      this.draw();
    };
    const stopWatchingSize = stderr.onResize(() => this.draw());
    stdin.setRawMode(true);
    stdin.on("data", onData);
    process.on("SIGCONT", onResume);
    this.#stopListening = () => {
      stopWatchingSize();
      process.off("SIGCONT", onResume);
      stdin.off("data", onData);
      stdin.setRawMode(false);
      stdin.pause();
    };
    this.draw();
  }

  draw(): void {
    if (this.#stopListening === undefined) return;
    const { area, colors, watch, context } = this.#options;
    const keys = [
      ["d", "detach"],
      ...(watch === undefined ? [] : [["w", watch.isOn ? "stop watching" : "watch"]]),
      ["Ctrl-C", "stop"],
    ];
    const width = context.stderr.columns() ?? 80;
    const isWide =
      keys.reduce((sum, [key = "", text = ""]) => sum + key.length + text.length + 4, 0) <= width;
    const line = keys.map(([key = "", text = ""]) => `${colors.bold(key)} ${colors.dim(text)}`).join("   ");
    const short = keys.map(([key]) => key).join(" ");
    area.setFooter([isWide ? line : truncate(short, width)]);
  }

  /** Gives the terminal back. */
  close(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#options.area.setFooter([]);
  }

  #press(key: string): void {
    const { area, context, watch } = this.#options;
    switch (key) {
      case "d":
        return this.#detach();
      case "w":
        watch?.toggle();
        return this.draw();
      case "\r":
      case "\n":
        // As a person does to tell what comes from what was.
        return area.printAbove(() => context.stderr.write("\n"));
      case CTRL_C:
        return context.interrupts.interrupt();
      case QUIT:
        return void process.kill(process.pid, "SIGQUIT");
      case CTRL_Z:
        area.setFooter([]);
        context.stdin.setRawMode(false);
        return void process.kill(process.pid, "SIGTSTP");
      default:
    }
  }
}
