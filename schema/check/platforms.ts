/** Platforms of images: `os[/architecture[/variant]]`, or an architecture alone. Some engines build any text. */
import { didYouMean } from "../suggest.ts";
import { serviceEntries, type CheckInput, type Finding } from "./report.ts";

const SYSTEMS: readonly string[] =
  "linux windows aix android darwin dragonfly freebsd illumos ios js netbsd openbsd plan9 solaris wasi wasip1 zos".split(
    " ",
  );

/** The last six are spellings that engines take as well. */
const ARCHITECTURES: readonly string[] = (
  "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm wasm32 " +
  "i386 x86_64 x86-64 aarch64 armhf armel"
).split(" ");

export function* checkPlatforms(input: CheckInput): Generator<Finding> {
  for (const [name, { platform, build }] of serviceEntries(input)) {
    const written = [
      { path: ["services", name, "platform"], text: platform },
      ...(build?.platforms ?? []).map((text, index) => ({
        path: ["services", name, "build", "platforms", index],
        text,
      })),
    ];
    for (const { path, text } of written) {
      const problem = text === undefined || text === "" ? undefined : problemOf(text);
      if (problem !== undefined) {
        yield {
          code: "invalid-platform",
          message: `service "${name}": "${text}" is not a platform: ${problem.text}`,
          path,
          hint: problem.hint ?? "expected os/architecture, such as linux/amd64 or linux/arm64",
        };
      }
    }
  }
}

interface Problem {
  readonly text: string;
  readonly hint: string | undefined;
}

function problemOf(platform: string): Problem | undefined {
  const parts = platform.toLowerCase().split("/");
  const [first = "", second, , ...rest] = parts;
  if (rest.length > 0 || parts.includes(""))
    return { text: "it has empty or too many parts", hint: undefined };
  // A version of Windows may stand behind the system in brackets.
  const system = first.replace(/\(.*\)$/, "");
  if (second === undefined && ARCHITECTURES.includes(system)) return undefined;
  if (!SYSTEMS.includes(system)) {
    const candidates = second === undefined ? [...SYSTEMS, ...ARCHITECTURES] : SYSTEMS;
    return { text: `no operating system "${first}" is known`, hint: didYouMean(first, candidates) };
  }
  if (second === undefined || ARCHITECTURES.includes(second)) return undefined;
  return { text: `no architecture "${second}" is known`, hint: didYouMean(second, ARCHITECTURES) };
}
