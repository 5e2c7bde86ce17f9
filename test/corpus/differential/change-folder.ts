/** Stacks of other people, changed: attributes exchanged for others, and files merged over them. */
import { isYaml, type StackFolder } from "../../schema/fuzz/case-files.ts";
import type { Random } from "../../schema/fuzz/random.ts";
import type { PeerCase } from "./peer-case.ts";
import type { ValueMaker } from "./grammar.ts";

const STACK_NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

export function changedFolder(
  folder: StackFolder,
  maker: ValueMaker,
  random: Random,
  variables: Readonly<Record<string, string>>,
): Omit<PeerCase, "flags"> {
  const files = new Map(
    [...folder.files].map(([name, text]): [string, string[]] => [name, text.split("\n")]),
  );
  const found = STACK_NAMES.find((name) => files.has(name));
  const main = folder.configFiles[0] ?? found ?? [...files.keys()].find(isYaml) ?? "compose.yaml";
  const args = folder.configFiles.flatMap((name) => ["-f", name]);
  if (args.length === 0) args.push("-f", main);
  const lines = files.get(main) ?? [];
  const services = serviceLines(lines);
  if (services.length === 0) return { files, env: variables, args };
  for (let left = random.below(3); left > 0; left -= 1) {
    const service = random.pick(services);
    setAttribute(lines, service.name, service.indent, maker, random);
  }
  if (random.below(2) === 0) {
    const { name } = random.pick(services);
    const keys = maker.keysOf("service");
    const written = keys.filter((key) => lines.some((line) => line.trim().startsWith(`${key}:`)));
    const wanted = [random.pick(written.length > 0 ? written : keys), random.pick(keys)];
    const attributes = wanted
      .slice(random.below(2))
      .map((key) => `    ${key}: ${maker.valueFor("service", key)}`);
    files.set("zz-over.yaml", ["services:", `  ${name}:`, ...attributes]);
    args.push("-f", "zz-over.yaml");
  }
  return { files, env: variables, args };
}

interface ServiceLine {
  readonly name: string;
  readonly indent: string;
}

/** Services in block style. */
function serviceLines(lines: readonly string[]): ServiceLine[] {
  const start = lines.findIndex((line) => /^services:\s*(?:#.*)?$/.test(line));
  if (start === -1) return [];
  const first = lines.slice(start + 1).find((line) => /^\s+[^\s#]/.test(line));
  const indent = /^\s*/.exec(first ?? "")?.[0] ?? "";
  const result: ServiceLine[] = [];
  for (const line of lines.slice(start + 1)) {
    if (/^[^\s#]/.test(line)) break;
    const name = new RegExp(`^${indent}([\\w.-]+):\\s*(?:#.*)?$`).exec(line)?.[1];
    if (name !== undefined) result.push({ name, indent });
  }
  return result;
}

/** Puts an attribute at the head of a service; one of the same name goes away with all that is below it. */
function setAttribute(
  lines: string[],
  service: string,
  indent: string,
  maker: ValueMaker,
  random: Random,
): void {
  const at = lines.findIndex((line) => line.startsWith(`${indent}${service}:`));
  const inner = /^\s*/.exec(lines[at + 1] ?? "")?.[0] ?? "";
  if (at === -1 || inner.length <= indent.length || lines[at + 1]?.trim().startsWith("#")) return;
  const key = random.pick(maker.keysOf("service"));
  for (let i = at + 1; i < lines.length && ((lines[i] ?? "").startsWith(inner) || lines[i] === ""); i += 1) {
    if (!(lines[i] ?? "").startsWith(`${inner}${key}:`)) continue;
    let end = i + 1;
    while (
      end < lines.length &&
      (/^\s*$/.test(lines[end] ?? "") ||
        (lines[end] ?? "").startsWith(`${inner} `) ||
        (lines[end] ?? "").startsWith(`${inner}-`))
    )
      end += 1;
    lines.splice(i, end - i);
    break;
  }
  lines.splice(at + 1, 0, `${inner}${key}: ${maker.valueFor("service", key)}`);
}
