/** Paths on this machine that a stack relies on. Apart from the other checks, because they read the file system. */
import type { Diagnostic } from "../diagnostic.ts";
import type { FileSystem } from "../files.ts";
import type { Build, Service, Stack } from "../model.ts";
import { missingSource } from "./bind-sources.ts";
import { type Finding, toDiagnostic } from "./report.ts";

/** Warnings (and errors, where the engine would refuse) for missing bind sources, build files, configs and secrets. */
export function checkFiles(stack: Stack, files: Pick<FileSystem, "stat">): Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (findings: Iterable<Finding>): void => {
    for (const finding of findings) found.push(toDiagnostic(finding, (path) => stack.locate(path)));
  };
  for (const [name, service] of Object.entries(stack.services)) {
    add(checkBinds(name, service, files));
    if (service.build !== undefined) add(checkBuild(name, service.build, files));
    add(checkWatchPaths(name, service, files));
  }
  add(checkFileObjects(stack, files));
  return found;
}

function* checkBinds(name: string, service: Service, files: Pick<FileSystem, "stat">): Generator<Finding> {
  for (const [index, mount] of (service.volumes ?? []).entries()) {
    const missing = missingSource(name, index, mount, files);
    if (missing !== undefined) yield missing.finding;
  }
}

function* checkBuild(name: string, build: Build, files: Pick<FileSystem, "stat">): Generator<Finding> {
  const context = build.context ?? "";
  if (!context.startsWith("/")) return;
  const path = ["services", name, "build"];
  const kind = files.stat(context);
  if (kind !== "directory") {
    yield {
      severity: "warning",
      code: "missing-path",
      message:
        kind === "missing"
          ? `the build context "${context}" of service "${name}" does not exist`
          : `the build context "${context}" of service "${name}" is not a folder`,
      path: [...path, "context"],
    };
    return;
  }
  const dockerfile = build.dockerfile ?? "";
  if (dockerfile === "" || build.dockerfile_inline !== undefined) return;
  const file = dockerfile.startsWith("/") ? dockerfile : `${context}/${dockerfile}`;
  if (files.stat(file) === "missing") {
    yield {
      severity: "warning",
      code: "missing-path",
      message: `the Dockerfile "${file}" of service "${name}" does not exist`,
      path: [...path, "dockerfile"],
    };
  }
}

function* checkWatchPaths(
  name: string,
  service: Service,
  files: Pick<FileSystem, "stat">,
): Generator<Finding> {
  for (const [index, rule] of (service.develop?.watch ?? []).entries()) {
    if (!rule.path.startsWith("/") || files.stat(rule.path) !== "missing") continue;
    yield {
      severity: "warning",
      code: "missing-path",
      message: `service "${name}" watches "${rule.path}", which does not exist`,
      path: ["services", name, "develop", "watch", index, "path"],
    };
  }
}

function* checkFileObjects(stack: Stack, files: Pick<FileSystem, "stat">): Generator<Finding> {
  for (const section of ["configs", "secrets"] as const) {
    for (const [name, object] of Object.entries(stack[section])) {
      const file = object.file ?? "";
      if (!file.startsWith("/") || object.external === true) continue;
      const kind = files.stat(file);
      if (kind === "file" || kind === "other") continue;
      yield {
        severity: "warning",
        code: kind === "missing" ? "missing-path" : "not-a-file",
        message:
          kind === "missing"
            ? `the file "${file}" of ${section.slice(0, -1)} "${name}" does not exist`
            : `"${file}", named by ${section.slice(0, -1)} "${name}", is a folder`,
        path: [section, name, "file"],
      };
    }
  }
}
