/** The built command line as a child process, with its output kept. */
import { spawn, type ChildProcess } from "node:child_process";
import { join, resolve } from "node:path";

const MAIN = resolve(import.meta.dirname, "../../../dist/cli/main.js");

export interface Result {
  readonly args: readonly string[];
  /** `undefined`: ended by a signal. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export class Running {
  readonly finished: Promise<Result>;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  #stdout = "";
  #stderr = "";
  #ended = false;

  constructor(child: ChildProcess, args: readonly string[]) {
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#grow(() => (this.#stdout += text)));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#grow(() => (this.#stderr += text)));
    this.finished = new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (code, signal) => {
        this.#grow(() => (this.#ended = true));
        done({
          args,
          code: code ?? undefined,
          signal: signal ?? undefined,
          stdout: this.#stdout,
          stderr: this.#stderr,
        });
      });
    });
  }

  get output(): string {
    return this.#stdout + this.#stderr;
  }

  /** Resolves as soon as the output has the text; rejects when the command ends without it. */
  waitFor(text: string | RegExp): Promise<void> {
    return new Promise((done, fail) => {
      const look = (): void => {
        const found = typeof text === "string" ? this.output.includes(text) : text.test(this.output);
        if (!found && !this.#ended) return;
        this.#listeners.delete(look);
        if (found) done();
        else fail(new Error(`ended without ${String(text)}:\n${this.output}`));
      };
      this.#listeners.add(look);
      look();
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** What a person types. */
  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  #grow(change: () => void): void {
    change();
    for (const listener of this.#listeners) listener();
  }
}

export interface CliOptions {
  readonly cwd: string;
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  /** Sees every command that ends. */
  readonly onResult: (result: Result) => void;
  /** What runs now, of this command line and of those made from it. */
  readonly running: Set<Running>;
}

export class Cli {
  readonly #options: CliOptions;

  constructor(options: CliOptions) {
    this.#options = options;
  }

  /** The same command line with other variables. */
  with(env: Readonly<Record<string, string>>): Cli {
    return new Cli({ ...this.#options, env: { ...this.#options.env, ...env } });
  }

  /** Runs `tcompose -p PROJECT ...args` to its end, whatever the exit code. */
  run(...args: string[]): Promise<Result> {
    return this.start(...args).finished;
  }

  /** Runs it to its end; any exit code but 0 is an error that shows the output. */
  async ok(...args: string[]): Promise<Result> {
    const result = await this.run(...args);
    if (result.code !== 0) throw new Error(describe(result));
    return result;
  }

  start(...args: string[]): Running {
    const { cwd, project, env } = this.#options;
    const child = spawn(process.execPath, [MAIN, "-p", project, ...args], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return this.#watch(new Running(child, args));
  }

  /** Runs it in a pseudo-terminal, where keys arrive as a person types them. Both streams come as one. */
  startInTerminal(...args: string[]): Running {
    const { cwd, project, env } = this.#options;
    const words = [process.execPath, MAIN, "-p", project, ...args].map((word) => `'${word}'`);
    const child = spawn("script", ["-qfec", `stty rows 40 cols 120; exec ${words.join(" ")}`, "/dev/null"], {
      cwd,
      env: { ...env, TERM: "xterm-256color" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    return this.#watch(new Running(child, args));
  }

  /** Ends what still runs. */
  async stopAll(): Promise<void> {
    const { running } = this.#options;
    for (const one of running) one.kill("SIGKILL");
    await Promise.all([...running].map((one) => one.finished));
  }

  #watch(running: Running): Running {
    this.#options.running.add(running);
    void running.finished.then((result) => {
      this.#options.running.delete(running);
      this.#options.onResult(result);
    });
    return running;
  }
}

/** A command and what came of it, for failure messages and artifacts. */
export function describe({ args, code, signal, stdout, stderr }: Result): string {
  const end = code === undefined ? `signal ${signal}` : `exit code ${code}`;
  return [`$ tcompose ${args.join(" ")}`, `# ${end}`, stdout.trimEnd(), stderr.trimEnd()]
    .filter(Boolean)
    .join("\n");
}

/** Variables that a command gets: nothing of the machine that could change what it does. */
export function baseEnvironment(home: string, engine: string): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: join(home, "home"), DOCKER_HOST: engine, NO_COLOR: "1" };
}
