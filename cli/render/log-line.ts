/** Container output as lines with a coloured prefix: `web-1  | text`. */
import type { Paint } from "./color.ts";
import { displayWidth, padEnd } from "./text.ts";

export interface LogLineOptions {
  readonly prefix: boolean;
  readonly timestamps: boolean;
  readonly paint: (service: string) => Paint;
}

/** Keeps the widest prefix seen, so that columns line up from the first line on when all names are announced. */
export class LogLineFormatter {
  readonly #options: LogLineOptions;
  #width = 0;
  readonly #prefixes = new Map<string, string>();

  constructor(options: LogLineOptions) {
    this.#options = options;
  }

  announce(names: Iterable<string>): void {
    const widest = Math.max(this.#width, ...[...names].map(displayWidth));
    if (widest === this.#width) return;
    this.#width = widest;
    this.#prefixes.clear();
  }

  /** `name`: short container name, `web-1`. Ends with a newline. */
  format(service: string, name: string, line: string, timestamp?: string): string {
    const stamp = this.#options.timestamps && timestamp !== undefined ? `${timestamp} ` : "";
    if (!this.#options.prefix) return `${stamp}${line}\n`;
    return `${this.#prefixOf(service, name)}${stamp}${line}\n`;
  }

  #prefixOf(service: string, name: string): string {
    const known = this.#prefixes.get(name);
    if (known !== undefined) return known;
    this.announce([name]);
    const prefix = this.#options.paint(service)(`${padEnd(name, this.#width)}  | `);
    this.#prefixes.set(name, prefix);
    return prefix;
  }
}

/** `app-web-1` of project `app` as `web-1`; names that do not follow the pattern stay whole. */
export function shortContainerName(project: string, container: string): string {
  return container.startsWith(`${project}-`) || container.startsWith(`${project}_`)
    ? container.slice(project.length + 1)
    : container;
}
