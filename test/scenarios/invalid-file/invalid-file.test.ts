import { expect } from "vitest";
import { scenario } from "../../support/scenario/scenario.ts";

for (const command of [["up", "-d"], ["plan"], ["config"]]) {
  scenario(
    `${command.join(" ")}: an invalid file reports every problem and asks the engine nothing`,
    import.meta.filename,
    async (s) => {
      const recorder = await s.record({ offline: true });
      const result = await s.cli.with({ DOCKER_HOST: recorder.endpoint }).run(...command);
      expect(result.code).toBeGreaterThan(0);
      for (const place of ["compose.yaml:3:5", "compose.yaml:4:13", "compose.yaml:5:18"]) {
        expect(result.stderr).toContain(place);
      }
      expect(result.stderr).toContain("compose.yaml:9:");
      // Code frame, and what was probably meant.
      expect(result.stderr).toContain("imge: nginx:alpine");
      expect(result.stderr).toMatch(/image/);
      expect(result.stderr).toMatch(/\bdb\b/);
      expect(result.stderr).toMatch(/\bdata\b/);
      expect(recorder.connections).toBe(0);
    },
  );
}
