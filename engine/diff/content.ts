/** Changed content of configs and secrets where the service does not want a new container for it. */
import { contentDigests } from "../desired/on-change.ts";
import type { DesiredService, DesiredState } from "../desired/model.ts";
import type { ObservedContainer } from "../observe/model.ts";
import type { FieldChange } from "../plan/operation.ts";
import { readSpecification } from "./specification.ts";

/** Content that the container's process has not been told of yet; empty for services that are recreated or left alone. */
export function diffContent(
  desired: DesiredState,
  { name, onChange, specification }: DesiredService,
  container: ObservedContainer,
): readonly FieldChange[] {
  if (onChange.type === "recreate" || onChange.type === "none") return [];
  const before = readSpecification(container.labels);
  if (before === undefined) return [];
  const told = container.applied ?? contentDigests(before);
  return Object.entries(contentDigests(specification)).flatMap(([key, to]): FieldChange[] => {
    const from = told[key];
    if (from === to) return [];
    const [kind = "", source = ""] = splitOnce(key);
    const range = desired.locate([kind, source]) ?? desired.locate(["services", name, kind]);
    return [
      {
        path: `${kind}.${source}.content`,
        ...(from === undefined ? {} : { from }),
        to,
        ...(range === undefined ? {} : { range }),
      },
    ];
  });
}

function splitOnce(key: string): string[] {
  const at = key.indexOf("/");
  return [key.slice(0, at), key.slice(at + 1)];
}
