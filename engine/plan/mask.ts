/** A plan as it may be shown: values of variables whose name says secret are digests. */
import { showValue } from "../desired/secret.ts";
import type { HookRun, Operation, Plan } from "./operation.ts";

/** For people, reports and JSON output. Not for execution: what is masked is gone. */
export function maskPlan(plan: Plan): Plan {
  return { ...plan, operations: plan.operations.map((operation) => maskOperation(operation, plan.project)) };
}

function maskOperation(operation: Operation, project: string): Operation {
  // The scope that specifications use: one value shows as one digest everywhere.
  const scope = `${project}/${operation.resource.service ?? ""}`;
  if (operation.kind === "hook.run" && operation.hook.environment !== undefined) {
    const environment = Object.entries(operation.hook.environment).map(([key, value]) => [
      key,
      showValue(scope, key, value),
    ]);
    const masked = {
      ...operation,
      hook: { ...operation.hook, environment: Object.fromEntries(environment) },
    };
    return maskOwn(masked, scope);
  }
  if (operation.kind === "hook.run") return maskOwn(operation, scope);
  if (operation.kind === "image.build" && operation.build.args !== undefined) {
    const args = Object.entries(operation.build.args).map(([key, value]) => [
      key,
      showValue(scope, key, value),
    ]);
    return { ...operation, build: { ...operation.build, args: Object.fromEntries(args) } };
  }
  if (operation.kind !== "container.create" || !operation.body.Env) return operation;
  return {
    ...operation,
    body: { ...operation.body, Env: operation.body.Env.map((text) => maskVariable(scope, text)) },
  };
}

function maskOwn(operation: HookRun, scope: string): HookRun {
  const { own } = operation;
  if (!own?.body.Env) return operation;
  return {
    ...operation,
    own: { ...own, body: { ...own.body, Env: own.body.Env.map((text) => maskVariable(scope, text)) } },
  };
}

function maskVariable(scope: string, text: string): string {
  const at = text.indexOf("=");
  if (at < 0) return text;
  const name = text.slice(0, at);
  return `${name}=${showValue(scope, name, text.slice(at + 1)) ?? ""}`;
}
