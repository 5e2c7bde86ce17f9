/** What is mounted where inside a container. */
import type { Service, StackPath } from "../model.ts";
import { serviceEntries, type CheckInput, type Finding } from "./report.ts";

export function* checkMounts(input: CheckInput): Generator<Finding> {
  for (const [name, service] of serviceEntries(input)) {
    yield* checkTargets(name, service);
  }
}

/** Two mounts at one place: the later would hide the earlier, so that it is refused. */
function* checkTargets(name: string, service: Service): Generator<Finding> {
  const taken = new Map<string, StackPath>();
  for (const [target, path] of targets(name, service)) {
    const first = taken.get(target);
    if (first === undefined) {
      taken.set(target, path);
      continue;
    }
    yield {
      code: "duplicate-mount",
      message: `service "${name}" mounts two things at "${target}"`,
      path,
      related: [{ message: "first mounted here", path: first }],
    };
  }
}

function* targets(name: string, service: Service): Generator<[string, StackPath]> {
  for (const [index, mount] of (service.volumes ?? []).entries()) {
    yield [mount.target, ["services", name, "volumes", index]];
  }
  for (const [index, text] of (service.tmpfs ?? []).entries()) {
    yield [text.split(":", 1)[0] ?? text, ["services", name, "tmpfs", index]];
  }
}
