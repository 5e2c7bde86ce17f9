/** Services whose images other builds take as additional contexts (`service:NAME`). Pure. */
import type { Build, Service, Stack } from "../../schema/model.ts";

const SERVICE_CONTEXT = "service:";

export function contextServices(build: Build | undefined): readonly string[] {
  return Object.values(build?.additional_contexts ?? {})
    .filter((text) => text.startsWith(SERVICE_CONTEXT))
    .map((text) => text.slice(SERVICE_CONTEXT.length));
}

export type Buildable = Service & { readonly build: Build };

/** What the stack's services build, and also services that were not selected, when a selected one builds on theirs. */
export function withBuildContexts(stack: Stack): ReadonlyMap<string, Buildable> {
  const wanted = new Map<string, Buildable>();
  const visit = (name: string): void => {
    const service = stack.services[name] ?? stack.disabledServices[name];
    if (service?.build === undefined || wanted.has(name)) return;
    wanted.set(name, { ...service, build: service.build });
    for (const other of contextServices(service.build)) visit(other);
  };
  for (const name of Object.keys(stack.services)) visit(name);
  return wanted;
}
