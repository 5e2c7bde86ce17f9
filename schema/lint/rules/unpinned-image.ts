import type { LintRule } from "../rule.ts";

export const unpinnedImage: LintRule = {
  code: "unpinned-image",
  severity: "warning",
  summary: "Images name a version.",
  explanation:
    'Without a tag, or with "latest", the same file runs different software tomorrow and on another machine. Name a version, or a digest.',
  *checkStack(stack) {
    for (const [name, service] of Object.entries(stack.services)) {
      const { image } = service;
      if (image === undefined || image === "" || service.build !== undefined || image.includes("@")) continue;
      const tag = /:([^:/]+)$/.exec(image)?.[1];
      if (tag !== undefined && tag !== "latest") continue;
      const path = ["services", name, "image"];
      const range = stack.locate(path);
      if (range === undefined) continue;
      yield {
        message: tag === undefined ? `image "${image}" has no tag` : `image "${image}" is whatever is newest`,
        range,
        path: path.join("."),
        hint: "name a version",
      };
    }
  },
};
