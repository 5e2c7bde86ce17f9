/** Attributes of services in an extended file that must have a form of their own, whatever is merged over them. */
import { pathText, type LoadContext } from "./context.ts";
import type { MapNode, Node } from "./tree.ts";
import { toPlain } from "./tree.ts";
import { alternatives, valueWords } from "./words.ts";

interface Form {
  /** Of the long form, which short ones have become by now. */
  readonly kinds: readonly Node["kind"][];
  readonly words: readonly string[];
}

const FORMS: Readonly<Record<string, Form>> = {
  build: { kinds: ["map"], words: ["text", "a mapping"] },
  ports: { kinds: ["seq"], words: ["a list"] },
  depends_on: { kinds: ["map"], words: ["a list", "a mapping"] },
  env_file: { kinds: ["seq"], words: ["text", "a list"] },
  gpus: { kinds: ["seq"], words: ["text", "a list"] },
};

export function checkExtendedForms(services: MapNode, context: LoadContext): void {
  for (const [name, service] of services.entries) {
    if (service.node.kind !== "map") continue;
    for (const [key, { node }] of service.node.entries) {
      const form = Object.hasOwn(FORMS, key) ? FORMS[key] : undefined;
      if (!form || form.kinds.includes(node.kind)) continue;
      const path = pathText(["services", name, key]);
      context.report({
        code: "wrong-type",
        message: `${path}: expected ${alternatives(form.words)}, found ${valueWords(toPlain(node))}`,
        path,
        range: node.at,
      });
    }
  }
}
