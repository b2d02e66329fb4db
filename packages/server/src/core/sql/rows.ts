/** Turns the arrays an engine answers with into objects; made once per statement. */
export type RowMapper = (values: readonly unknown[]) => Record<string, unknown>;

type Convert = (value: unknown) => unknown;

const asDate: Convert = (value) => (value === null ? null : new Date(value as number));
/** A column holds 0 or 1; what PostgreSQL computes, as in `exists (…) as is_known`, is a boolean there. */
const asBoolean: Convert = (value) => (value === null ? null : value === 1 || value === true);
const asJson: Convert = (value) => (value === null ? null : JSON.parse(value as string));

export function rowMapper(columns: readonly string[]): RowMapper {
  const plan = columns.map((column) => ({ key: keyOf(column), convert: converterOf(column) }));
  return (values) => {
    const row: Record<string, unknown> = {};
    plan.forEach(({ key, convert }, index) => {
      row[key] = convert ? convert(values[index]) : values[index];
    });
    return row;
  };
}

function keyOf(column: string): string {
  return column.replace(/_json$/, '').replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function converterOf(column: string): Convert | null {
  if (column.endsWith('_at')) return asDate;
  if (column.startsWith('is_') || column.startsWith('has_')) return asBoolean;
  return column.endsWith('_json') ? asJson : null;
}
