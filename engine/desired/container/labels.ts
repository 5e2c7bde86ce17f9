/** Labels of a container: the user's, the peer's, ours. The peer's win over the user's. */
import type { Stack } from "../../../schema/model.ts";
import { compact } from "../../compact.ts";
import { label, PEER_VERSION, SPEC_VERSION } from "../../labels.ts";
import type { Specification } from "../model.ts";
import { specificationText } from "../specification-text.ts";
import { stopHooksText } from "../stop-hooks.ts";
import type { ServiceContext } from "./context.ts";

export interface ContainerLabelFacts {
  readonly number: number;
  readonly configHash: () => string;
  readonly specification: Specification;
}

export function containerLabels(
  { stack, name, service }: ServiceContext,
  { number, configHash, specification }: ContainerLabelFacts,
): Record<string, string> {
  return {
    ...service.labels,
    ...projectLabels(stack),
    [label.service]: name,
    [label.oneoff]: "False",
    [label.containerNumber]: String(number),
    [label.configHash]: configHash(),
    [label.dependsOn]: Object.entries(service.depends_on ?? {})
      .map(([on, { condition, restart }]) => `${on}:${condition}:${restart === true}`)
      .toSorted()
      .join(","),
    [label.spec]: specificationText(specification),
    [label.specVersion]: SPEC_VERSION,
    ...compact({ [label.preStop]: stopHooksText(service.pre_stop) }),
  };
}

/** What every container of a project carries. */
function projectLabels(stack: Stack): Record<string, string> {
  return {
    [label.project]: stack.name,
    [label.version]: PEER_VERSION,
    [label.workingDir]: stack.workingDir,
    [label.configFiles]: stack.configFiles.join(","),
    ...(stack.environmentFiles.length === 0
      ? {}
      : { [label.environmentFile]: stack.environmentFiles.join(",") }),
  };
}
