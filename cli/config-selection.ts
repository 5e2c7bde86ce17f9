/** The flags of `config` that print one thing of the stack, a line each. */
import { createHash } from "node:crypto";
import { StackError, UsageError } from "../engine/error.ts";
import { canonicalServiceJson } from "../schema/canonical.ts";
import { loadDocument, loadVariables } from "../schema/load.ts";
import type { Service, Stack } from "../schema/model.ts";
import { didYouMean } from "../schema/suggest.ts";
import type { Invocation } from "./command.ts";
import { skipped, type ConfigFlags, type ConfigSelection } from "./config-flags.ts";
import { loadOptions, loadStack } from "./stack.ts";

export async function printSelection(
  selection: ConfigSelection,
  invocation: Invocation<ConfigFlags>,
): Promise<string> {
  switch (selection) {
    case "services":
      return lines(await serviceNames(invocation));
    case "volumes":
    case "networks":
      return lines(Object.keys((await stackOf(invocation, []))[selection]).sort());
    case "models":
      return lines(
        Object.values((await stackOf(invocation, [])).models).flatMap(({ model }) =>
          model === "" ? [] : [model],
        ),
      );
    case "hash":
      return hashes(await stackOf(invocation, []), invocation.flags.hash ?? "*");
    case "profiles":
      return lines(profiles(await stackOf(invocation, invocation.args)));
    case "images":
      return lines(images(await stackOf(invocation, invocation.args)));
    case "variables":
      return variables(invocation);
    case "environment":
      return lines(environment(await stackOf(invocation, invocation.args)));
    default:
      return selection satisfies never;
  }
}

function lines(values: readonly string[]): string {
  return values.map((value) => `${value}\n`).join("");
}

/** Env files need not be there for these. */
function stackOf(invocation: Invocation<ConfigFlags>, services: readonly string[]): Promise<Stack> {
  return loadStack(invocation, {
    services,
    skip: { ...skipped(invocation), environmentResolution: true },
  });
}

async function serviceNames(invocation: Invocation<ConfigFlags>): Promise<string[]> {
  if (invocation.flags.interpolate) return inDependencyOrder((await stackOf(invocation, [])).services);
  const result = loadDocument(loadOptions(invocation, { skip: skipped(invocation) }));
  if (!result.ok) throw new StackError(result.diagnostics, result.sources);
  const { services } = result.document as { services?: Readonly<Record<string, unknown>> };
  return Object.keys(services ?? {}).sort();
}

/** Each service behind what it depends on. */
function inDependencyOrder(services: Readonly<Record<string, Service>>): string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    const service = services[name];
    if (service === undefined || ordered.has(name)) return;
    for (const dependency of Object.keys(service.depends_on ?? {}).sort()) visit(dependency);
    ordered.add(name);
  };
  for (const name of Object.keys(services).sort()) visit(name);
  return [...ordered];
}

function hashes(stack: Stack, wanted: string): string {
  const names = wanted === "*" ? Object.keys(stack.services) : wanted.split(",");
  return lines(
    names.sort().map((name) => {
      const service = stack.services[name];
      if (service === undefined) {
        throw new UsageError(`no such service: "${name}"`, {
          hint: didYouMean(name, Object.keys(stack.services)),
        });
      }
      const { label_file: _, ...hashed } = withDefaultPlatform(service, stack);
      return `${name} ${createHash("sha256").update(canonicalServiceJson(hashed)).digest("hex")}`;
    }),
  );
}

function withDefaultPlatform(service: Service, stack: Stack): Service {
  const platform = stack.environment["DOCKER_DEFAULT_PLATFORM"];
  return service.build !== undefined && platform && !service.platform ? { ...service, platform } : service;
}

function profiles(stack: Stack): string[] {
  const all = [...Object.values(stack.services), ...Object.values(stack.disabledServices)];
  return [...new Set(all.flatMap((service) => service.profiles ?? []))].sort();
}

function images(stack: Stack): string[] {
  return Object.keys(stack.services)
    .sort()
    .map((name) => stack.services[name]?.image ?? `${stack.name}${stack.nameSeparator}${name}`);
}

function environment(stack: Stack): string[] {
  return Object.entries(stack.environment)
    .map(([key, value]) => `${key}=${value}`)
    .sort();
}

async function variables(invocation: Invocation<ConfigFlags>): Promise<string> {
  const result = loadVariables(
    loadOptions(invocation, { skip: { ...skipped(invocation), interpolation: true } }),
  );
  if (!result.ok) throw new StackError(result.diagnostics, result.sources);
  if (invocation.flags.format === "json" || invocation.flags.format === "yaml") {
    const data = Object.fromEntries(
      result.variables.map((v) => [
        v.name,
        { Name: v.name, DefaultValue: v.defaultValue, PresenceValue: v.presenceValue, Required: v.required },
      ]),
    );
    if (invocation.flags.format === "json") return `${JSON.stringify(data, undefined, 4)}\n`;
    const { sorted } = await import("../schema/print-json.ts");
    const { compareNames } = await import("../schema/print-order.ts");
    const { printYaml } = await import("../schema/print-yaml.ts");
    return printYaml(sorted(data, compareNames));
  }
  const { renderTable } = await import("./render/table.ts");
  return renderTable(
    [
      { title: "NAME", value: (v) => v.name },
      { title: "REQUIRED", value: (v) => String(v.required) },
      { title: "DEFAULT VALUE", value: (v) => v.defaultValue },
      { title: "ALTERNATE VALUE", value: (v) => v.presenceValue },
    ],
    result.variables,
  );
}
