/**
 * What can change without a new container. Labels cannot be changed, so the specification in them tells how the
 * container was made; for the settings that an engine updates in place the container itself is the truth, looked
 * at by one inspect (see `observe/details.ts`). Only a setting that the container was made with is updated in
 * place: a container that was made with none of them, and is declared with none, need not be looked at.
 *
 * The peer knows labels alone: after an update in place its next `up` replaces the container once.
 */
import type { Service, StackPath } from "../../schema/model.ts";
import {
  updatableKeys,
  updatablePaths,
  updatableValues,
  type UpdatableKey,
  type UpdatableValues,
} from "../desired/container/in-place.ts";
import type { DesiredService, DesiredState, Specification } from "../desired/model.ts";
import { specificationText } from "../desired/specification-text.ts";
import type { HostConfig, RestartPolicy } from "../docker/types.ts";
import { canonicalJson } from "../hash.ts";
import { label } from "../labels.ts";
import type { ObservedContainer } from "../observe/model.ts";
import type { FieldChange } from "../plan/operation.ts";
import { diffFields, formatPath } from "./fields.ts";
import { readSpecification, relevantTo } from "./specification.ts";

export interface InPlaceDifference {
  readonly changes: readonly FieldChange[];
  /** What to send to the engine; undefined: the changes need a new container (or there are none). */
  readonly patch: Partial<HostConfig> | undefined;
}

/** Whether only the container itself can tell if it is as declared. */
export function needsLook(service: DesiredService, container: ObservedContainer): boolean {
  if (!service.updatable || container.oneoff) return false;
  const declared = hasAny(updatableValues(service.service));
  if (container.labels[label.spec] === specificationText(service.specification)) return declared;
  const before = readSpecification(container.labels);
  return before !== undefined && hasAny(updatableValues(before as Service));
}

/** Undefined when the container was not looked at: then its labels decide. */
export function diffInPlace(
  desired: DesiredState,
  service: DesiredService,
  container: ObservedContainer,
): InPlaceDifference | undefined {
  const before = readSpecification(container.labels);
  const { host } = container;
  if (host === undefined || before === undefined) return undefined;
  const relevant = relevantTo(service);
  const wanted = relevant(service.specification);
  const was = updatableValues(before as Service);
  const want = updatableValues(service.service);
  const now = structuredClone(relevant(before)) as Record<string, unknown>;
  const patched: UpdatableKey[] = [];
  for (const key of updatableKeys) {
    const state = compareKey(key, was[key], want[key], host[key]);
    if (state === "as-labelled") continue;
    if (state === "differs") patched.push(key);
    showActual(now, wanted, key, state === "same" ? undefined : { was, host });
  }
  const base: StackPath = ["services", service.name];
  const changes = diffFields(now, wanted, { base, locate: desired.locate });
  const paths = patched.flatMap((key) => updatablePaths[key]).map(formatPath);
  const isPatch = changes.every(({ path }) =>
    paths.some((each) => path === each || path.startsWith(`${each}.`)),
  );
  return {
    changes,
    patch: changes.length > 0 && isPatch ? patchOf(patched, want, host) : undefined,
  };
}

type KeyState = "as-labelled" | "same" | "differs";

/** `as-labelled`: nothing to be said in place; a difference of the specifications needs a new container. */
function compareKey(key: UpdatableKey, was: unknown, wanted: unknown, actual: unknown): KeyState {
  const want = wanted ?? (key === "RestartPolicy" && was !== undefined ? NEVER : undefined);
  if (was === undefined || want === undefined) return "as-labelled";
  // Engines drop limits that their kernel does not have: there is nothing to compare with.
  if (key !== "RestartPolicy" && isUnset(actual)) return "same";
  return normalized(key, want) === normalized(key, actual) ? "same" : "differs";
}

const NEVER: RestartPolicy = { Name: "no" };

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === 0 || value === "";
}

function normalized(key: UpdatableKey, value: unknown): string {
  if (key !== "RestartPolicy") return canonicalJson(value);
  const { Name = "", MaximumRetryCount = 0 } = (value ?? {}) as Partial<RestartPolicy>;
  return `${Name === "" ? "no" : Name}:${MaximumRetryCount}`;
}

/** Writes into `now` what holds: the declared value, or what the container has where that is another one. */
function showActual(
  now: Record<string, unknown>,
  desired: Specification,
  key: UpdatableKey,
  other: { readonly was: UpdatableValues; readonly host: HostConfig } | undefined,
): void {
  // The label still tells the truth, in the words of the stack file.
  if (other !== undefined && normalized(key, other.was[key]) === normalized(key, other.host[key])) return;
  for (const path of updatablePaths[key]) {
    const declared = valueAt(desired, path);
    const value = other === undefined || declared === undefined ? declared : shown(key, other.host);
    setAt(now, path, value);
  }
}

function shown(key: UpdatableKey, host: HostConfig): unknown {
  if (key === "NanoCpus") return (host.NanoCpus ?? 0) / 1e9;
  if (key === "RestartPolicy") return normalized(key, host.RestartPolicy).replace(/:0$/, "");
  return key.startsWith("Memory") ? String(host[key]) : host[key];
}

/** The engine wants memory and swap together: swap that nobody declared is twice the memory, as at creation. */
function patchOf(
  keys: readonly UpdatableKey[],
  want: UpdatableValues,
  host: HostConfig,
): Partial<HostConfig> {
  const patch = Object.fromEntries(
    keys.map((key) => [key, want[key] ?? (key === "RestartPolicy" ? NEVER : undefined)]),
  ) as UpdatableValues;
  const { Memory } = patch;
  if (Memory === undefined) return patch;
  const swap = want.MemorySwap ?? ((host.MemorySwap ?? 0) > 0 ? Memory * 2 : undefined);
  return swap === undefined ? patch : { ...patch, MemorySwap: swap };
}

function valueAt(value: unknown, path: StackPath): unknown {
  let at = value;
  for (const part of path) at = (at as Readonly<Record<string, unknown>> | undefined)?.[part];
  return at;
}

/** Mappings that become empty go too: they mean the same as absent ones. */
function setAt(target: Record<string, unknown>, path: StackPath, value: unknown): void {
  const [part, ...rest] = path;
  if (part === undefined) return;
  if (rest.length === 0) {
    if (value === undefined) delete target[part];
    else target[part] = value;
    return;
  }
  if (target[part] === undefined && value === undefined) return;
  const inner = (target[part] ?? {}) as Record<string, unknown>;
  target[part] = inner;
  setAt(inner, rest, value);
  if (Object.keys(inner).length === 0) delete target[part];
}

function hasAny(values: UpdatableValues): boolean {
  return Object.keys(values).length > 0;
}
