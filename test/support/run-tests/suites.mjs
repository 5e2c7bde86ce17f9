/** Test suites: one run of vitest each, counted from its JSON report. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finish } from "../../../examples/demo/run.mjs";
import { TOP } from "../../../examples/demo/stack.mjs";

const VITEST = join(TOP, "node_modules/vitest/vitest.mjs");

/**
 * Runs the tests of some projects of vitest.config.ts.
 * @param {readonly string[]} projects
 * @param {string} [endpoint] of the engine under test
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runSuites(projects, endpoint) {
  const folder = mkdtempSync(join(tmpdir(), "tcompose-report-"));
  const report = join(folder, "report.json");
  try {
    const { code } = await finish(
      process.execPath,
      [
        VITEST,
        "run",
        ...projects.flatMap((name) => ["--project", name]),
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
      ],
      {
        cwd: TOP,
        stdio: ["ignore", "inherit", "inherit"],
        env: { ...process.env, ...(endpoint && { TCOMPOSE_TEST_ENGINE: endpoint }) },
      },
    );
    return count(report, code);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function count(report, code) {
  const { numPassedTests, numFailedTests, testResults } = readReport(report);
  // A file that cannot be loaded fails without a failed test in it; so does an error outside of any test.
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  const failed = numFailedTests + broken.length;
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`);
    return { numPassedTests: 0, numFailedTests: 1, testResults: [] };
  }
}
