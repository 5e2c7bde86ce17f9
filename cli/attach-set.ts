/** Whose output `up` shows in the foreground, and whose end it waits for. Pure. */
import { UsageError } from "../engine/error.ts";
import type { Stack } from "../schema/model.ts";
import { didYouMean } from "../schema/suggest.ts";
import type { UpFlags } from "./commands/up.ts";

type AttachFlags = Pick<
  UpFlags,
  | "abortOnContainerExit"
  | "abortOnContainerFailure"
  | "attach"
  | "attachDependencies"
  | "exitCodeFrom"
  | "noAttach"
>;

/** Services whose output is shown. `services`: named on the command line, empty for all. */
export function attachedServices(stack: Stack, flags: AttachFlags, services: readonly string[]): string[] {
  const all = Object.keys(stack.services);
  const hidden = new Set(flags.noAttach ?? []);
  if (flags.attach !== undefined) return flags.attach.filter((name) => !hidden.has(name));
  const candidates = services.length === 0 || flags.attachDependencies === true ? all : services;
  return candidates.filter((name) => stack.services[name]?.attach !== false && !hidden.has(name));
}

/**
 * Services whose containers keep `up` in the foreground; the end of the last one ends it. Where the end of one container
 * is to end all, that is any container, whoever's output is shown.
 */
export function watchedServices(stack: Stack, flags: AttachFlags, services: readonly string[]): string[] {
  const shown = attachedServices(stack, flags, services);
  const ends = flags.abortOnContainerExit === true || flags.abortOnContainerFailure === true;
  if (ends && services.length === 0) return Object.keys(stack.services);
  const base = services.length > 0 ? services : shown.length > 0 ? shown : Object.keys(stack.services);
  return [...new Set([...base, ...shown, ...(flags.exitCodeFrom === undefined ? [] : [flags.exitCodeFrom])])];
}

/**
 * Names of services that flags have. To be called before anything is started.
 * @throws UsageError
 */
export function checkAttachFlags(stack: Stack, flags: AttachFlags): void {
  const { attach = [], noAttach = [], exitCodeFrom } = flags;
  for (const name of [...attach, ...noAttach]) requireService(stack, name);
  if (exitCodeFrom !== undefined) requireService(stack, exitCodeFrom);
}

function requireService(stack: Stack, name: string): void {
  if (name in stack.services) return;
  throw new UsageError(`no such service: "${name}"`, { hint: didYouMean(name, Object.keys(stack.services)) });
}
