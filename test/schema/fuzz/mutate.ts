/** Makes broken stack files out of good ones, the way people, merges and bad luck do. */
import type { Random } from "./random.ts";

/** Pieces with a meaning in YAML, in interpolation, in short forms, or in the machine below. */
const PIECES: readonly string[] = [
  ..."{}[]:,#&*!|>'\"%@`$\\-?=~.<\t\r\n\0\u{feff}\u{1f980}\ud800\u2028\u0085",
  ..."&a ,*a,<<: *a,<<: [*a; *a],!reset null,!override,!!str ,!!binary ,!!int ,!!set ,!custom ,---\n,...\n,|2-\n,>+\n,? ,- - - ,: : ".split(
    ",",
  ),
  ..."${,${A,${A:-,${A:-${B:?x}},${A?e},$${,$A,${},${1},$A$,${A:+${A}}".split(","),
  ..."null,~,true,yes,0,-1,0x1f,0o17,1e999,.inf,.nan,2026-01-01,1:2:3,99999999999999999999,1_000,\"\",'',[],{}".split(
    ",",
  ),
  ..."80:80,1-65536:1,::,[::1]:80:80,80/foo,a:b:c:d,./x:/y:ro,C:\\x:/y,1h-2m,1.5gb,10xb,__proto__,constructor,toString".split(
    ",",
  ),
];

const KEYS: readonly string[] =
  "services,networks,volumes,secrets,configs,models,include,name,extends,build,image,command,environment,env_file,ports,depends_on,deploy,develop,healthcheck,labels,ulimits,x-a,__proto__,provider,gpus,devices,logging,sysctls,profiles,tmpfs,external,ipam,watch,blkio_config,credential_spec,post_start,x-tcompose".split(
    ",",
  );

/** One to six changes. `other` is a second file, for what is carried over from it. */
export function mutate(text: string, other: string, random: Random): string {
  let result = text;
  for (let left = 1 + random.below(6); left > 0; left -= 1)
    result = random.pick(CHANGES)(result, random, other);
  return result.slice(0, MAX_LENGTH);
}

/** Growth by copies must not turn one input into a benchmark. */
const MAX_LENGTH = 200_000;

type Change = (text: string, random: Random, other: string) => string;

const CHANGES: readonly Change[] = [
  insertPiece,
  insertPiece,
  removeRange,
  repeatRange,
  changeCharacter,
  indentLine,
  indentLine,
  removeLine,
  copyLine,
  moveLine,
  replaceKey,
  replaceValue,
  replaceValue,
  carryOver,
  truncate,
  nestDeeply,
];

function insertPiece(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(PIECES) + text.slice(at);
}

function removeRange(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + text.slice(at + 1 + random.below(20));
}

function repeatRange(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const end = at + random.below(200);
  return text.slice(0, end) + text.slice(at);
}

function changeCharacter(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return (
    text.slice(0, at) +
    String.fromCharCode(random.below(random.below(4) === 0 ? 65_536 : 128)) +
    text.slice(at + 1)
  );
}

function changeLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split("\n");
  change(lines);
  return lines.join("\n");
}

function indentLine(text: string, random: Random): string {
  const indent = random.pick([" ", "  ", "    ", "\t", ""]);
  return changeLines(text, (lines) => {
    const at = random.below(lines.length);
    const line = lines[at] ?? "";
    lines[at] = indent === "" ? line.replace(/^ {1,2}/, "") : indent + line;
  });
}

function removeLine(text: string, random: Random): string {
  return changeLines(text, (lines) => lines.splice(random.below(lines.length), 1 + random.below(3)));
}

function copyLine(text: string, random: Random): string {
  return changeLines(text, (lines) => {
    const at = random.below(lines.length);
    lines.splice(random.below(lines.length), 0, ...lines.slice(at, at + 1 + random.below(8)));
  });
}

function moveLine(text: string, random: Random): string {
  return changeLines(text, (lines) => {
    const moved = lines.splice(random.below(lines.length), 1 + random.below(4));
    lines.splice(random.below(lines.length + 1), 0, ...moved);
  });
}

function changeLine(text: string, random: Random, change: (line: string) => string): string {
  return changeLines(text, (lines) => {
    const keyed = [...lines.keys()].filter((at) => lines[at]?.includes(":"));
    if (keyed.length === 0) return;
    const at = random.pick(keyed);
    lines[at] = change(lines[at] ?? "");
  });
}

function replaceKey(text: string, random: Random): string {
  return changeLine(text, random, (line) => line.replace(/[\w.-]+(?=\s*:)/, () => random.pick(KEYS)));
}

function replaceValue(text: string, random: Random): string {
  return changeLine(text, random, (line) => line.replace(/:\s.*$|:$/, () => `: ${random.pick(PIECES)}`));
}

function carryOver(text: string, random: Random, other: string): string {
  const from = other.split("\n");
  const at = random.below(from.length);
  return changeLines(text, (lines) => {
    lines.splice(random.below(lines.length + 1), 0, ...from.slice(at, at + 1 + random.below(12)));
  });
}

function truncate(text: string, random: Random): string {
  return random.below(4) === 0 ? text.slice(0, random.below(text.length + 1)) : text;
}

function nestDeeply(text: string, random: Random): string {
  if (random.below(8) !== 0) return text;
  const piece = random.pick(["[", "{a: ", "- ", "? ", "${A:-", "&a [*a, ", "!reset ", '{"', "a:\n "]);
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece.repeat(random.below(5000)) + text.slice(at);
}
