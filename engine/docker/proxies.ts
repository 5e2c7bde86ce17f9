/** `proxies` of the Docker CLI's config.json: variables for build steps and containers. */
import { readObjectSetting, type ContextInput } from "./context.ts";

const VARIABLES = {
  httpProxy: "HTTP_PROXY",
  httpsProxy: "HTTPS_PROXY",
  noProxy: "NO_PROXY",
  ftpProxy: "FTP_PROXY",
  allProxy: "ALL_PROXY",
} as const;

/**
 * In capitals and in small letters, as programs do not agree on either. Settings for the engine's address come before
 * the default ones.
 * @throws UsageError when the file is not JSON
 */
export async function readProxies(
  input: ContextInput,
  endpoint: string,
): Promise<Readonly<Record<string, string>>> {
  const all = await readObjectSetting(input, "proxies");
  const chosen = all[endpoint] ?? all["default"];
  if (typeof chosen !== "object" || chosen === null) return {};
  const settings = chosen as Readonly<Record<string, unknown>>;
  const variables: Record<string, string> = {};
  for (const [key, name] of Object.entries(VARIABLES)) {
    const value = settings[key];
    if (typeof value !== "string" || value === "") continue;
    variables[name] = value;
    variables[name.toLowerCase()] = value;
  }
  return variables;
}
