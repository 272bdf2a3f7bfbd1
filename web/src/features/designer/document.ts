// The form's texts as an architecture's document, and back. In: the JSON Schema of an architecture, the document that was begun
// with, what was typed since. Out: fields, a document, the differences of two. Pure.
import { type Field, fieldsOf } from '@/lib/schema-fields';

export type Document = Record<string, unknown>;
export type Typed = Record<string, string>;
type Schema = Record<string, unknown>;

const ROOT = 'architecture';

/** All fields, named as they stand in the document: `attention.heads`. */
export function formFields(schema: Schema, base: Document, typed: Typed): Field[] {
  const named = Object.fromEntries(Object.entries(typed).map(([name, value]) => [`${ROOT}.${name}`, value]));
  return fieldsOf(schema, withKinds(schema, base), ROOT, named).map(field => ({
    ...field,
    name: field.name.slice(ROOT.length + 1),
  }));
}

/** A part without `kind` is of the usual kind. */
function withKinds(schema: Schema, base: Document): Document {
  const properties = (schema.properties ?? {}) as Record<string, { default?: unknown }>;
  const parts = Object.entries(base).map(([name, value]) => {
    const usual = properties[name]?.default;
    const isPart = isObject(value) && isObject(usual) && 'kind' in usual && !('kind' in value);
    return [name, isPart ? { kind: usual.kind, ...value } : value];
  });
  return Object.fromEntries(parts);
}

/** The document that the fields describe; a text that cannot be meant leaves what stood there. */
export function documentOf(fields: readonly Field[], typed: Typed): Document {
  const document: Document = {};
  for (const field of fields) {
    const text = typed[field.name];
    put(document, field.name.split('.'), text === undefined ? field.default : meant(field, text));
  }
  return document;
}

function put(into: Document, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    if (value !== null && value !== undefined) into[name] = value;
    return;
  }
  const inner = isObject(into[name]) ? into[name] : {};
  into[name] = inner;
  put(inner, rest, value);
}

function meant(field: Field, text: string): unknown {
  const trimmed = text.trim();
  const choice = field.schema.enum?.find(one => String(one) === trimmed);
  if (choice !== undefined) return choice;
  if (field.schema.type === 'string') return text;
  const isNumber = field.schema.type === 'integer' || field.schema.type === 'number';
  if (trimmed === '') return isNumber ? field.default : null;
  if (/^[[{]/.test(trimmed)) return parsed(trimmed) ?? field.default;
  const number = Number(trimmed.replace(/[, _]/g, ''));
  if (Number.isFinite(number)) return number;
  return isNumber ? field.default : trimmed;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What was typed that differs from what stood there, of the fields that there are. */
export function changesOf(
  fields: readonly Field[],
  typed: Typed,
): { name: string; before: string; after: string }[] {
  return fields.flatMap(field => {
    const after = typed[field.name];
    const before = asText(field.default);
    return after === undefined || after.trim() === before ? [] : [{ name: field.name, before, after }];
  });
}

export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Every value with its path, parts taken apart. */
export function flat(document: Document, path = ''): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(document)) {
    const here = path ? `${path}.${name}` : name;
    if (isObject(value)) for (const [inner, one] of flat(value, here)) found.set(inner, one);
    else if (value !== null && value !== undefined) found.set(here, value);
  }
  return found;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
