/** Models as services see them: two variables each, the model's name and where it answers. Pure. */
import type { Service, Stack } from "../../schema/model.ts";

/** What the model runner says about itself. */
export interface ModelFacts {
  readonly endpoint: string;
  /** Tags of models that need no pull. */
  readonly present: ReadonlySet<string>;
}

/** One that services use. */
export interface DesiredModel {
  /** Reference, e.g. `ai/smollm2`. */
  readonly model: string;
  readonly contextSize?: number | undefined;
  readonly runtimeFlags: readonly string[];
  readonly isPresent: boolean;
  readonly services: readonly string[];
}

export function usesModels(stack: Stack): boolean {
  return Object.values(stack.services).some(({ models }) => Object.keys(models ?? {}).length > 0);
}

/** The variables are part of the service, as the peer has them: they count in its hash. */
export function withModelVariables(stack: Stack, facts: ModelFacts | undefined): Stack {
  if (facts === undefined) return stack;
  const services = Object.entries(stack.services).map(([name, service]): [string, Service] => {
    const variables = Object.entries(service.models ?? {}).flatMap(([key, names]) => {
      const prefix = key.toUpperCase().replaceAll("-", "_");
      return [
        [names?.model_var ?? `${prefix}_MODEL`, stack.models[key]?.model ?? ""],
        [names?.endpoint_var ?? `${prefix}_URL`, facts.endpoint],
      ] as const;
    });
    if (variables.length === 0) return [name, service];
    return [name, { ...service, environment: { ...service.environment, ...Object.fromEntries(variables) } }];
  });
  return { ...stack, services: Object.fromEntries(services), locate: (path) => stack.locate(path) };
}

export function desiredModels(stack: Stack, facts: ModelFacts | undefined): readonly DesiredModel[] {
  if (facts === undefined) return [];
  return Object.entries(stack.models).flatMap(([key, { model, context_size, runtime_flags }]) => {
    const services = Object.keys(stack.services).filter(
      (name) => stack.services[name]?.models?.[key] !== undefined,
    );
    if (services.length === 0) return [];
    const isPresent = facts.present.has(model) || facts.present.has(`${model}:latest`);
    return [{ model, contextSize: context_size, runtimeFlags: runtime_flags ?? [], isPresent, services }];
  });
}
