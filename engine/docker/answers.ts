/** Small rules that several resources share about what an answer means. */
import { EngineProtocolError, isNotFound } from "../error.ts";

/** What is not there is undefined. */
export async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Removing what is not there is fine. */
export async function orAbsent(answer: Promise<void>): Promise<void> {
  await orUndefined(answer);
}

/** Engines send null for an empty list. @throws EngineProtocolError for anything else that is no list */
export function asList<T>(value: readonly T[] | null | undefined, operation: string): T[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value))
    throw new EngineProtocolError(`the engine's answer to ${operation} is not a list`);
  return value;
}
