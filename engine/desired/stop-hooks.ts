/**
 * `pre_stop` hooks in a label: a service that left the stack is stopped as it wanted to be. Variables that look secret
 * are not written there; such a hook runs without them.
 */
import type { Hook } from "../../schema/model.ts";
import type { Labels } from "../docker/types.ts";
import { label } from "../labels.ts";
import { showValue } from "./secret.ts";

/** Undefined: there is nothing to write. */
export function stopHooksText(hooks: readonly Hook[] | undefined): string | undefined {
  return hooks === undefined || hooks.length === 0 ? undefined : JSON.stringify(hooks.map(withoutSecrets));
}

/** The hooks that a container was made with; none where the label was tampered with. */
export function readStopHooks(labels: Labels): readonly Hook[] {
  const text = labels[label.preStop];
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isHook) : [];
  } catch {
    return [];
  }
}

function withoutSecrets(hook: Hook): Hook {
  if (hook.environment === undefined) return hook;
  const shown = Object.entries(hook.environment).filter(
    ([name, value]) => showValue("", name, value) === value,
  );
  return { ...hook, environment: Object.fromEntries(shown) };
}

function isHook(value: unknown): value is Hook {
  return typeof value === "object" && value !== null && Array.isArray((value as Hook).command);
}
