import { z } from 'zod';
import type { FilePath } from './problems.ts';

/** The keys that a schema knows at a path: what an unknown one is compared with. */
export function keysAt(schema: z.ZodType, path: FilePath): readonly string[] {
  const found = path.reduce((at, part) => at.flatMap((each) => inside(each, part)), shapesOf(schema));
  return found.flatMap((each) => (each instanceof z.ZodObject ? Object.keys(each.shape) : []));
}

function inside(schema: z.core.$ZodType, part: string | number): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodRecord) return shapesOf(schema.valueType);
  if (schema instanceof z.ZodArray) return shapesOf(schema.element);
  const value =
    schema instanceof z.ZodObject ? (schema.shape as Readonly<Record<string, z.core.$ZodType>>)[part] : undefined;
  return value === undefined ? [] : shapesOf(value);
}

/** What stands behind defaults, options and unions. */
function shapesOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return shapesOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(shapesOf);
  return [schema];
}
