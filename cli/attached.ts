/**
 * `up` in the foreground: carries the plan out, shows the output of what runs, and ends when everything has ended,
 * when a container's end asks for it, or when the user does. Then it stops what runs, dependants first; a second
 * interrupt kills instead.
 */
import { followLogs } from "../engine/logs/follow.ts";
import type { LogEvent, LogState } from "../engine/logs/model.ts";
import type { ObservedContainer } from "../engine/observe/model.ts";
import type { Stack } from "../schema/model.ts";
import type { UpFlags } from "./commands/up.ts";
import type { CarriedOut } from "./carry-out-up.ts";
import { attachedServices, watchedServices } from "./attach-set.ts";
import { listProjectContainers } from "./containers.ts";
import { EXIT_OK } from "./exit.ts";
import { Menu } from "./menu.ts";
import { palette, serviceColors } from "./render/color.ts";
import { LogPrinter } from "./reporters/log-printer.ts";
import { stackEnvironment } from "./stack.ts";
import { type RunWatch, WatchSwitch } from "./watch-switch.ts";
import { isTrue, parseScale } from "./up-flags.ts";
import { concludeReport, type Session } from "./session.ts";
import { stopServices } from "./stop-services.ts";
import { decideColor } from "./terminal.ts";
import { note } from "./note.ts";

export interface AttachedOptions {
  readonly stack: Stack;
  readonly flags: UpFlags;
  /** As named on the command line; empty: all. */
  readonly services: readonly string[];
}

export async function runAttached(
  session: Session,
  carry: () => Promise<CarriedOut>,
  options: AttachedOptions,
): Promise<number> {
  const { interrupts } = session.invocation.context;
  interrupts.gracefulPhase();
  const run = new AttachedRun(session, options);
  const { stack, services } = options;
  const watches = new WatchSwitch(session, {
    stack,
    services,
    scale: parseScale(options.flags.scale ?? []),
    onFailure: (error) => {
      const text = `watching ended: ${error instanceof Error ? error.message : String(error)}\n`;
      session.area.printAbove(() => session.invocation.context.stderr.write(text));
      menu?.draw();
    },
  });
  const menu = openMenu(session, options, watches);
  // What changes from here on is synced once everything is up.
  const watch = options.flags.watch === true ? await watches.open() : undefined;
  const execution = carry();
  const watching = watch === undefined ? undefined : runWatch(session, watch, execution);
  const following = run.follow(watching ?? execution, () => watches.running);
  // Looked at below; a failure before that must not count as unheard.
  following.catch(() => undefined);
  const { plan, report } = await execution;
  await session.reporter.close();
  if (report.outcome === "failed") {
    run.endFollowing();
    return concludeReport(session, plan, report);
  }
  try {
    if (!run.isStopRequested) menu?.open();
    const isDetached = menu?.detached.then(() => "detached") ?? following;
    const end = await Promise.race([following, run.stopRequested, isDetached]);
    if (end === "detached") return detach(run, watches);
  } finally {
    menu?.close();
  }
  const failure = await watching;
  if (run.isStopRequested) await run.stopEverything(following);
  if (failure !== undefined) throw failure.error;
  return run.exitCode ?? interrupts.exitCode() ?? EXIT_OK;
}

/** The keys, where there is a terminal on every side and nobody has said no. */
function openMenu(session: Session, { flags, stack }: AttachedOptions, watch: WatchSwitch): Menu | undefined {
  const { context, globals } = session.invocation;
  const { stdin, stdout, stderr } = context;
  const preset = stackEnvironment(session.invocation, stack)["COMPOSE_MENU"];
  const isWanted = flags.menu ?? (preset === undefined || preset === "" || isTrue(preset));
  const isTerminal = stdin.isTTY && stdout.isTTY && stderr.isTTY && session.mode === "tty";
  if (!isWanted || !isTerminal) return undefined;
  const colors = palette(decideColor(stderr.isTTY, { flag: globals.ansi, env: context.env }));
  return new Menu({
    context,
    area: session.area,
    colors,
    watch: WatchSwitch.isOf(stack) && flags.build !== false ? watch : undefined,
  });
}

/** Leaves everything running. */
function detach(run: AttachedRun, watches: WatchSwitch): number {
  run.endFollowing();
  watches.turnOff();
  return EXIT_OK;
}

/** Watches from the end of the execution to the first interrupt. A failure of it ends everything, and is answered. */
async function runWatch(
  session: Session,
  watch: RunWatch,
  execution: Promise<CarriedOut>,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    if ((await execution).report.outcome === "succeeded") await watch();
    return undefined;
  } catch (error) {
    session.invocation.context.interrupts.requestStop();
    return { error };
  }
}

class AttachedRun {
  /** Resolves at the first interrupt, or when a container's end asks for the end of all. */
  readonly stopRequested: Promise<void>;
  exitCode: number | undefined;
  readonly #session: Session;
  readonly #options: AttachedOptions;
  readonly #attached: ReadonlySet<string>;
  readonly #printer: LogPrinter;
  readonly #followEnd = new AbortController();
  /** What containers wrote earlier has been shown by earlier runs. */
  readonly #since: string;

  constructor(session: Session, options: AttachedOptions) {
    const { context, globals } = session.invocation;
    const { stop } = context.interrupts;
    const { flags, stack } = options;
    this.#session = session;
    this.#options = options;
    this.#since = (context.now() / 1000).toFixed(3);
    this.#attached = new Set(attachedServices(stack, flags, options.services));
    this.stopRequested = new Promise((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener("abort", () => resolve(), { once: true });
    });
    const color =
      flags.color !== false && decideColor(context.stdout.isTTY, { flag: globals.ansi, env: context.env });
    this.#printer = new LogPrinter({
      project: stack.name,
      stdout: context.stdout,
      stderr: context.stderr,
      area: session.area,
      prefix: flags.logPrefix !== false,
      timestamps: flags.timestamps === true,
      states: session.mode !== "json",
      paint: serviceColors(Object.keys(stack.services), color),
    });
  }

  get isStopRequested(): boolean {
    return this.#session.invocation.context.interrupts.stop.aborted;
  }

  /** New output of containers that are there already, all output of those that the execution makes. */
  async follow(hold: Promise<unknown>, holdAgain: () => Promise<unknown> | undefined): Promise<void> {
    const { engine } = this.#session;
    const { stack, flags, services } = this.#options;
    const watched = watchedServices(stack, flags, services);
    const containers = await this.#containers(watched);
    this.#printer.announce([
      ...containers.map(({ name }) => name),
      ...watched.map((name) => [stack.name, name, 1].join(stack.nameSeparator)),
    ]);
    await followLogs(
      engine,
      containers,
      {
        project: stack.name,
        services: watched,
        since: this.#since,
        timestamps: flags.timestamps === true,
        hold,
        holdAgain,
      },
      (event) => this.#hear(event),
      this.#followEnd.signal,
    );
  }

  endFollowing(): void {
    this.#followEnd.abort();
  }

  /** Graceful, or by force when a second interrupt comes. Ends the following when everything has been said. */
  async stopEverything(following: Promise<void>): Promise<void> {
    const { context } = this.#session.invocation;
    const { force } = context.interrupts;
    if (context.interrupts.exitCode() !== undefined) {
      const { area, invocation } = this.#session;
      area.printAbove(() => note(invocation, "Stopping gracefully ... (press Ctrl+C again to force)"));
    }
    const { stack, services, flags } = this.#options;
    await stopServices(
      this.#session,
      { name: stack.name, stack },
      {
        services,
        timeoutSeconds: flags.timeout,
        force,
      },
    );
    await this.#session.reporter.close();
    if (force.aborted) this.endFollowing();
    // Their last words are on the way still. What was not stopped (other services) is not waited for.
    if (services.length > 0) this.endFollowing();
    await following;
  }

  #hear(event: LogEvent): Promise<void> | undefined {
    if (event.type === "container-state" && event.state === "exited") this.#hearExit(event);
    if (event.type === "container-state" && this.#session.mode === "json") this.#session.emit(event);
    if (event.type === "lines" && !this.#attached.has(event.service)) return undefined;
    return this.#printer.handle(event);
  }

  #hearExit({ service, exitCode = 0 }: LogState): void {
    const { flags } = this.#options;
    const { interrupts } = this.#session.invocation.context;
    const ends =
      flags.abortOnContainerFailure === true
        ? exitCode !== 0
        : flags.abortOnContainerExit === true || flags.exitCodeFrom !== undefined;
    if (!ends || (interrupts.exitCode() !== undefined && flags.exitCodeFrom === undefined)) return;
    // The named service decides; without one, or when it never ends, the first container does.
    if (flags.exitCodeFrom === service) this.exitCode = exitCode;
    else this.exitCode ??= exitCode;
    interrupts.requestStop();
  }

  #containers(services: readonly string[]): Promise<ObservedContainer[]> {
    const { engine } = this.#session;
    return listProjectContainers(engine, this.#options.stack.name, { services }, this.#followEnd.signal);
  }
}
