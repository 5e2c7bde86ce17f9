/** Checks that are a command each: they pass when it exits with 0. */
import { join } from "node:path";
import { finish } from "../../../examples/demo/run.mjs";
import { TOP } from "../../../examples/demo/stack.mjs";

const bin = (file) => join(TOP, "node_modules", file);

export const CHECKS = [
  { name: "types", args: [bin("typescript/bin/tsc"), "-p", "tsconfig.json", "--noEmit"] },
  { name: "lint", args: [bin("oxlint/bin/oxlint")] },
  { name: "layers", args: ["test/support/layers/check.mjs"] },
  { name: "format", args: [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."] },
  { name: "dead code", args: [bin("knip/bin/knip.js")] },
  { name: "package", args: [bin("publint/src/cli.js"), "--strict"] },
];

/**
 * @param {{name: string, args: readonly string[]}} check
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runCheck({ name, args }) {
  const { code, output } = await finish(process.execPath, args, {
    cwd: TOP,
    env: { ...process.env, NO_COLOR: "1" },
  });
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name}`);
  if (code !== 0) console.log(output.trimEnd());
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
}
