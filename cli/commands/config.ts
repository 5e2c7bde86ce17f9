/** `config`: check the stack files and print what they come to. */
import type { Command } from "commander";
import type { Invocation } from "../command.ts";
import { skipped, wantedSelection, type ConfigFlags } from "../config-flags.ts";
import { EXIT_ERROR, EXIT_OK } from "../exit.ts";
import { isLocalEngine, loadOptions, loadStack } from "../stack.ts";
import { StackError, UsageError } from "../../engine/error.ts";
import { load, loadDocument } from "../../schema/load.ts";
import type { JsonValue, Stack } from "../../schema/model.ts";

export function configure(command: Command): void {
  command
    .argument("[service...]", "show these services and what they depend on")
    .option("--format <format>", "yaml or json; of invalid files, json or sarif lists the problems")
    .option("-o, --output <path>", "write to this file")
    .option("-q, --quiet", "only check, print nothing")
    .option("--services", "print the names of the services")
    .option("--volumes", "print the names of the volumes")
    .option("--networks", "print the names of the networks")
    .option("--models", "print the models")
    .option("--hash <services>", "print the configuration hash of services (names with commas, or *)")
    .option("--profiles", "print the names of the profiles")
    .option("--images", "print the images")
    .option("--variables", "print the variables of the files and their defaults")
    .option("--environment", "print the variables that interpolation sees")
    .option("--no-interpolate", "keep variables as they are written")
    .option("--no-normalize", "do not add what the format implies")
    .option("--no-path-resolution", "keep relative paths")
    .option("--no-consistency", "do not check what the parts say about each other")
    .option("--no-env-resolution", "do not read env_file")
    .option("--resolve-image-digests", "pin images to what the registry says now")
    .option("--lock-image-digests", "print an override file with pinned images");
}

export async function run(invocation: Invocation<ConfigFlags>): Promise<number> {
  const { flags } = invocation;
  const selection = wantedSelection(flags);
  if (selection) {
    // Digests need a module of Node's that takes 4 ms to load.
    const { printSelection } = await import("../config-selection.ts");
    return write(invocation, await printSelection(selection, invocation));
  }
  const format = flags.format ?? "yaml";
  if (!["yaml", "json", "sarif"].includes(format)) {
    throw new UsageError(`"${format}" is not a format of this command`, { hint: "use yaml, json or sarif" });
  }
  if (format !== "yaml" && (await printProblems(invocation, format))) return EXIT_ERROR;
  if (format === "sarif") return EXIT_OK;
  const text = flags.interpolate
    ? await resolvedText(invocation, format)
    : await writtenText(invocation, format);
  return flags.quiet ? EXIT_OK : write(invocation, text);
}

async function resolvedText(invocation: Invocation<ConfigFlags>, format: string): Promise<string> {
  const { flags } = invocation;
  let stack = await loadStack(invocation, {
    services: invocation.args,
    skip: skipped(invocation),
    checkPaths: isLocalEngine(invocation),
  });
  if (wantsDigests(flags)) {
    const { withPinnedImages, lockFile } = await import("../config-digests.ts");
    stack = await withPinnedImages(stack, invocation);
    if (flags.lockImageDigests) return printPlain(lockFile(stack.services, format), format);
  }
  if (flags.quiet) return "";
  if (format === "json") {
    const { printStackJson } = await import("../../schema/print-json.ts");
    return `${printStackJson(stack)}\n`;
  }
  const { printStackYaml } = await import("../../schema/print-yaml.ts");
  return printStackYaml(stack);
}

async function writtenText(invocation: Invocation<ConfigFlags>, format: string): Promise<string> {
  const result = loadDocument(loadOptions(invocation, { skip: skipped(invocation) }));
  if (!result.ok) throw new StackError(result.diagnostics, result.sources);
  const document = format === "json" ? result.document : result.yamlDocument;
  if (!wantsDigests(invocation.flags)) return printPlain(document, format);
  const { withPinnedDocument, lockFile } = await import("../config-digests.ts");
  const pinned = await withPinnedDocument(document, invocation);
  if (!invocation.flags.lockImageDigests) return printPlain(pinned, format);
  const { services = {} } = pinned as { readonly services?: Stack["services"] };
  return printPlain(lockFile(services, format), format);
}

function wantsDigests(flags: ConfigFlags): boolean {
  return flags.resolveImageDigests === true || flags.lockImageDigests === true;
}

async function printPlain(document: JsonValue, format: string): Promise<string> {
  if (format === "json") {
    const { printDocumentJson } = await import("../../schema/print-json.ts");
    return `${printDocumentJson(document)}\n`;
  }
  const { printDocumentYaml } = await import("../../schema/print-yaml.ts");
  return printDocumentYaml(document);
}

/** Problems as data on standard output. Answers whether the files are invalid, or the problems were all that was asked. */
async function printProblems(invocation: Invocation<ConfigFlags>, format: string): Promise<boolean> {
  const { context, flags, args } = invocation;
  const options = loadOptions(invocation, {
    services: args,
    skip: skipped(invocation),
    checkPaths: format === "sarif" && isLocalEngine(invocation),
  });
  const result = flags.interpolate ? load(options) : loadDocument(options);
  if (result.ok && format === "json") return false;
  const sources = "stack" in result ? result.stack.sources : result.sources;
  const { diagnosticsToJson, diagnosticsToSarif } = await import("../render/diagnostic-json.ts");
  const { version } = await import("../version.ts");
  const data =
    format === "json"
      ? { diagnostics: diagnosticsToJson(result.diagnostics, sources) }
      : diagnosticsToSarif(result.diagnostics, sources, { version: version(), cwd: context.cwd });
  await write(invocation, `${JSON.stringify(data, undefined, 2)}\n`);
  if (!result.ok && format === "json") throw new StackError(result.diagnostics, result.sources);
  return !result.ok;
}

async function write({ context, flags }: Invocation<ConfigFlags>, text: string): Promise<number> {
  if (flags.output === undefined) context.stdout.write(text);
  else if (text !== "") {
    const { writeOutputFile } = await import("../output-file.ts");
    await writeOutputFile(flags.output, text, context);
  }
  return EXIT_OK;
}
