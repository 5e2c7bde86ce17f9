/** Dependencies of a container as its label has them: `name:condition:restart,...`. */
import { label } from "../labels.ts";
import type { ObservedContainer } from "../observe/model.ts";

export function dependenciesFromLabels({ labels }: ObservedContainer): string[] {
  return (labels[label.dependsOn] ?? "").split(",").flatMap((entry) => {
    const name = entry.split(":")[0] ?? "";
    return name === "" ? [] : [name];
  });
}
