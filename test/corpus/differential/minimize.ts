/** Makes a case smaller, as long as it shows the same. */
import type { PeerCase } from "./peer-case.ts";

/** `holds`: whether a smaller case still differs in the same way. */
export async function minimize(
  one: PeerCase,
  holds: (smaller: PeerCase) => Promise<boolean>,
): Promise<PeerCase> {
  let best = one;
  let left = 150;
  const attempt = async (next: PeerCase): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    if (!(await holds(next))) return false;
    best = next;
    return true;
  };
  for (const name of best.files.keys()) await attempt({ ...best, files: without(best.files, name) });
  for (let i = best.args.length - 2; i >= 0; i -= 1)
    if (best.args[i]?.startsWith("-")) await attempt({ ...best, args: best.args.toSpliced(i, 2) });
  if (!(await attempt({ ...best, env: {} }))) {
    for (const name of Object.keys(best.env)) {
      const { [name]: _, ...env } = best.env;
      await attempt({ ...best, env });
    }
  }
  for (const name of best.files.keys()) {
    const lines = (): readonly string[] => best.files.get(name) ?? [];
    for (let size = Math.ceil(lines().length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let at = lines().length - size; at >= 0; at -= size)
        await attempt(withLines(best, name, lines().toSpliced(at, size)));
    }
    for (let at = 0; at < lines().length; at += 1) {
      const isSmaller = async (): Promise<boolean> => {
        for (const smaller of smallerLines(lines()[at] ?? ""))
          if (await attempt(withLines(best, name, lines().with(at, smaller)))) return true;
        return false;
      };
      while (await isSmaller());
    }
  }
  return best;
}

function without(files: PeerCase["files"], name: string): Map<string, readonly string[]> {
  const result = new Map(files);
  result.delete(name);
  return result;
}

function withLines(one: PeerCase, name: string, lines: readonly string[]): PeerCase {
  return { ...one, files: new Map(one.files).set(name, lines) };
}

/** The line without one item of its flow collections. */
function* smallerLines(line: string): Generator<string> {
  const starts: { at: number; open: boolean }[] = [];
  let depth = 0;
  let quote = "";
  for (let i = 0; i < line.length; i += 1) {
    const char = line[i] ?? "";
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "[" || char === "{") {
      depth += 1;
      starts.push({ at: i + 1, open: true });
    } else if (char === "]" || char === "}" || (char === "," && depth > 0)) {
      const start = starts.pop();
      if (char === ",") starts.push({ at: i + 1, open: false });
      else depth -= 1;
      if (start === undefined || line.slice(start.at, i).trim() === "") continue;
      const end = char === "," && start.open ? i + 1 : i;
      yield line.slice(0, start.open ? start.at : start.at - 1) + line.slice(end).trimStart();
    }
  }
}
