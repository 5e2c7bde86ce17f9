import type { Service, Stack } from "../../model.ts";
import { entriesOf, rangeOf, valueAt } from "../lint-file.ts";
import type { LintRule } from "../rule.ts";

const SECTIONS = ["networks", "volumes", "configs", "secrets", "models"] as const;
type Section = (typeof SECTIONS)[number];

export const unusedResource: LintRule = {
  code: "unused-resource",
  severity: "info",
  summary: "What the stack declares is used.",
  explanation:
    "A network, volume, config, secret or model that no service uses is never created. It is left over, or a service misspells its name or forgets to ask for it.",
  *checkFile(file, stack) {
    if (stack === undefined) return;
    const used = usedNames(stack);
    for (const document of file.documents) {
      for (const section of SECTIONS) {
        for (const { name, key } of entriesOf(valueAt(document.contents, section))) {
          if (used[section].has(name) || name === "default" || name.startsWith("x-")) continue;
          yield {
            message: `no service uses ${section.slice(0, -1)} "${name}"`,
            range: rangeOf(file, key),
            path: `${section}.${name}`,
          };
        }
      }
    }
  },
};

function usedNames(stack: Stack): Record<Section, Set<string>> {
  const used = {
    networks: new Set(Object.keys(stack.networks)),
    volumes: new Set(Object.keys(stack.volumes)),
    configs: new Set(Object.keys(stack.configs)),
    secrets: new Set(Object.keys(stack.secrets)),
    models: new Set(Object.keys(stack.models)),
  };
  for (const service of Object.values(stack.disabledServices)) addNames(used, service);
  return used;
}

function addNames(used: Record<Section, Set<string>>, service: Service): void {
  for (const name of Object.keys(service.networks ?? {})) used.networks.add(name);
  for (const name of Object.keys(service.models ?? {})) used.models.add(name);
  for (const mount of service.volumes ?? []) used.volumes.add(mount.source ?? "");
  for (const config of service.configs ?? []) used.configs.add(config.source);
  for (const secret of [...(service.secrets ?? []), ...(service.build?.secrets ?? [])])
    used.secrets.add(secret.source);
}
