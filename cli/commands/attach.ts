/** `attach`: this terminal, or pipe, connected to the process of a container. */
import type { Command } from "commander";
import type { EngineApi } from "../../engine/docker/api.ts";
import { configuredDetachKeys } from "../../engine/docker/settings.ts";
import { attach } from "../../engine/session/attach.ts";
import type { Invocation } from "../command.ts";
import type { CliContext } from "../context.ts";
import { printDryRun } from "../dry-run.ts";
import { EXIT_OK } from "../exit.ts";
import { parseWhole } from "../options.ts";
import { passOn, watchSize, withRawTerminal, type Keys } from "../raw-terminal.ts";
import { EXIT_CODE } from "../signals.ts";
import { openServiceContainer } from "../service-container.ts";

interface AttachFlags {
  readonly detachKeys?: string;
  readonly index?: number;
  /** `false` by `--no-sig-proxy`. */
  readonly sigProxy: boolean;
  /** `false` by `--no-stdin`. */
  readonly stdin?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("<service>")
    .option("--detach-keys <keys>", "keys that leave the container running (default: ctrl-p,ctrl-q)")
    .option("--index <number>", "number of the container", parseWhole("--index"))
    .option("--no-stdin", "do not pass standard input on")
    .option("--sig-proxy", "pass signals on to the process (the default)", true)
    .option("--no-sig-proxy", "do not: an interrupt only leaves the container");
}

export async function run(invocation: Invocation<AttachFlags>): Promise<number> {
  const { context, flags, globals, args } = invocation;
  const [service = ""] = args;
  const { engine, container } = await openServiceContainer(invocation, service, flags.index ?? 0);
  try {
    if (globals.dryRun === true) return printDryRun(context, [`attach to container ${container.name}`]);
    const { Config: config } = await engine.inspectContainer(container.id, {
      signal: context.interrupts.stop,
    });
    const tty = config.Tty === true;
    const stdin = flags.stdin !== false && config.OpenStdin === true;
    const isRaw = tty && stdin && context.stdin.isTTY && context.stdout.isTTY;
    const detachKeys = flags.detachKeys ?? (await configuredDetachKeys(context));
    const proxied = flags.sigProxy && !isRaw ? proxySignals(engine, container.id, context) : undefined;
    let stopWatching: (() => void) | undefined;
    const body = (keys?: Keys) =>
      attach(engine, container.id, {
        tty,
        stdin,
        detachKeys,
        leave: keys?.leave,
        signal: proxied ?? context.interrupts.stop,
        onOutput: (chunk) => passOn(context, chunk),
        onAttached: (input) => {
          if (stdin) (keys?.input ?? context.stdin).pipe(input);
          // The size is a nicety: a container that has ended meanwhile has none.
          if (tty && context.stdout.isTTY) {
            stopWatching = watchSize(
              context,
              (size) => void engine.resizeContainer(container.id, size).catch(() => undefined),
            );
          }
        },
      });
    try {
      const end = isRaw ? await withRawTerminal(context, detachKeys, body) : await body();
      return end?.exitCode ?? EXIT_OK;
    } finally {
      stopWatching?.();
    }
  } finally {
    engine.close();
  }
}

/**
 * The first signal goes to the process, which answers as it likes; the answered signal aborts at the second, and when
 * the terminal has gone.
 */
function proxySignals(engine: EngineApi, container: string, { interrupts }: CliContext): AbortSignal {
  const gone = new AbortController();
  interrupts.gracefulPhase();
  interrupts.stop.addEventListener(
    "abort",
    () => {
      if (interrupts.exitCode() === EXIT_CODE.SIGHUP) return gone.abort();
      const killSignal = interrupts.exitCode() === EXIT_CODE.SIGTERM ? "SIGTERM" : "SIGINT";
      // One that has ended meanwhile needs no signal.
      void engine.killContainer(container, { killSignal }).catch(() => undefined);
    },
    { once: true },
  );
  return AbortSignal.any([interrupts.force, gone.signal]);
}
