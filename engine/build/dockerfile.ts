/** As much of a Dockerfile as messages and decisions need. The builder alone interprets it. */

interface Instruction {
  /** 1-based. */
  readonly line: number;
  /** Continuation lines joined, white space collapsed. */
  readonly text: string;
}

/** Line of the instruction that a step's name (`[build 2/3] RUN make`) shows; undefined when it cannot be told. */
export function locateStep(dockerfile: string, stepName: string): number | undefined {
  const shown = collapse(stepName.replace(/^\[[^\]]*\]\s*/, "").replace(/^Step \d+\/\d+ : /, ""));
  if (shown === "") return undefined;
  const all = instructions(dockerfile);
  const matching = all.filter((one) => normalizeFlags(one.text) === normalizeFlags(shown));
  return matching.length === 1 ? matching[0]?.line : undefined;
}

/** Whether the file names the Dockerfile frontend that shall read it (`# syntax=...`). */
export function hasSyntaxDirective(dockerfile: string): boolean {
  for (const line of dockerfile.replace(/^\uFEFF/, "").split("\n")) {
    const directive = /^\s*#\s*([a-z]+)\s*=\s*\S/i.exec(line);
    if (directive === null) return false;
    if (directive[1]?.toLowerCase() === "syntax") return true;
  }
  return false;
}

function instructions(dockerfile: string): readonly Instruction[] {
  const found: Instruction[] = [];
  let open: { line: number; parts: string[] } | undefined;
  for (const [index, raw] of dockerfile.split("\n").entries()) {
    const text = raw.replace(/\r$/, "");
    if (/^\s*#/.test(text) || (open === undefined && text.trim() === "")) continue;
    open ??= { line: index + 1, parts: [] };
    const continues = /\\\s*$/.test(text);
    open.parts.push(text.replace(/\\\s*$/, ""));
    if (continues) continue;
    found.push({ line: open.line, text: collapse(open.parts.join(" ")) });
    open = undefined;
  }
  return found;
}

function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Steps are shown with the instruction in capitals and without `--mount` flags. */
function normalizeFlags(text: string): string {
  const [instruction = "", ...rest] = text.split(" ");
  const isFlag = (word: string): boolean => word.startsWith("--");
  const firstArgument = rest.findIndex((word) => !isFlag(word));
  return [instruction.toUpperCase(), ...(firstArgument < 0 ? [] : rest.slice(firstArgument))].join(" ");
}
