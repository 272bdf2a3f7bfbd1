// A stage's settings as a flat list of fields, from the JSON Schema of its config. In: schema, the values that stand there, what
// was typed. Out: fields as `--set` names them (`train.optimizer.learning_rate`). Where a component is chosen by `kind`, the
// chosen one's fields follow the choice. Pure.

export interface FieldSchema {
  type?: string | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  exclusiveMinimum?: number | undefined;
  exclusiveMaximum?: number | undefined;
  enum?: readonly unknown[] | undefined;
}

export interface Field {
  /** As `--set` names it; unique. */
  name: string;
  description: string;
  /** What stands there now. */
  default: unknown;
  schema: FieldSchema;
}

type Schema = Record<string, unknown>;
type Values = Record<string, unknown>;

/** All fields of a config below `path`, in the schema's order. */
export function fieldsOf(
  root: Schema,
  values: unknown,
  path: string,
  typed: Readonly<Record<string, string>> = {},
): Field[] {
  return objectFields(root, root, values, path, typed);
}

function objectFields(
  schema: Schema,
  root: Schema,
  values: unknown,
  path: string,
  typed: Record<string, string>,
): Field[] {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  return Object.entries(properties).flatMap(([name, property]) =>
    name === 'kind' ? [] : propertyFields(property, root, part(values, name), `${path}.${name}`, typed),
  );
}

function propertyFields(
  property: Schema,
  root: Schema,
  given: unknown,
  path: string,
  typed: Record<string, string>,
): Field[] {
  const schema = resolved(property, root);
  const value = given === undefined ? schema.default : given;
  const description = String(schema.description ?? '');
  const mapping = (schema.discriminator as { mapping?: Record<string, string> } | undefined)?.mapping;
  if (mapping) {
    const before = String(part(value, 'kind') ?? '');
    const kind = typed[`${path}.kind`] ?? before;
    const chosen = resolved({ $ref: mapping[kind] ?? '' }, root);
    const choice = {
      name: `${path}.kind`,
      description,
      default: before,
      schema: { enum: Object.keys(mapping) },
    };
    return [choice, ...objectFields(chosen, root, kind === before ? value : undefined, path, typed)];
  }
  if (schema.properties) return objectFields(schema, root, value, path, typed);
  return [{ name: path, description, default: value ?? null, schema: simple(schema, root) }];
}

/** What a form needs of a schema; of several forms (a number or `auto`) no bound is taken, the server checks it. */
function simple(schema: Schema, root: Schema): FieldSchema {
  const forms = (schema.anyOf as Schema[] | undefined)?.map(form => resolved(form, root));
  const words = forms?.flatMap(
    form => (form.enum as unknown[] | undefined) ?? ('const' in form ? [form.const] : []),
  );
  if (forms) return words?.length && forms.every(form => form.enum || 'const' in form) ? { enum: words } : {};
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as FieldSchema;
  if (type === 'boolean') return { type, enum: [true, false] };
  return {
    type,
    minimum,
    maximum,
    exclusiveMinimum,
    exclusiveMaximum,
    enum: schema.enum as unknown[] | undefined,
  };
}

/** A `#/$defs/X` reference followed; keys beside it win. */
function resolved(schema: Schema, root: Schema): Schema {
  const target = schema.$ref;
  if (typeof target !== 'string') return schema;
  const found = (root.$defs as Record<string, Schema> | undefined)?.[target.split('/').at(-1) ?? ''] ?? {};
  const { $ref: _, ...beside } = schema;
  return { ...resolved(found, root), ...beside };
}

function part(values: unknown, name: string): unknown {
  return values && typeof values === 'object' ? (values as Values)[name] : undefined;
}
