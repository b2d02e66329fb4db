import { z } from 'zod';
import {
  commonErrors,
  type ErrorClass,
  Forbidden,
  InvalidRequestParameters,
  TooManyRequests,
  Unauthorized,
} from './errors.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the routes. Pages are left out unless they are part of the contract. */
export function openApiDocument(
  routes: readonly Route[],
  info: { title: string; version: string; description: string },
): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  const documented = routes.filter((route) => !route.page || route.documented);
  for (const route of [...documented].sort(
    (a, b) => a.path.localeCompare(b.path, 'en') || a.method.localeCompare(b.method, 'en'),
  )) {
    const path = route.path.replace('*}', '}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, components) };
  }
  components.Error = {
    type: 'object',
    properties: {
      code: { type: 'string' },
      message: { type: 'string' },
      errors: { type: 'array', items: { type: 'object' } },
    },
    required: ['message'],
  };
  components.OAuthError = {
    type: 'object',
    properties: { error: { type: 'string' }, error_description: { type: 'string' } },
    required: ['error', 'error_description'],
  };
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => a.localeCompare(b, 'en'))),
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the environment: `sk_…`.' },
        operator: {
          type: 'apiKey',
          in: 'cookie',
          name: 'authkit-operator',
          description: 'The dashboard’s own session.',
        },
      },
    },
  };
}

function operation(route: Route, components: Json): Json {
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [route.path.split('/')[1]],
    ...(route.internal ? { 'x-internal': true } : {}),
    security: security(route),
    ...parameters(route, components),
    ...requestBody(route, components),
    responses: { ...success(route, components), ...errorResponses(route) },
  };
}

function security({ auth }: Route): Json[] {
  switch (auth.kind) {
    case 'apiKey':
      return [{ apiKey: [] }, { operator: [] }];
    case 'operator':
    case 'signedInOperator':
      return [{ operator: [] }];
    case 'devKey':
      return [{ apiKey: [] }];
    case 'anyone':
      return [];
  }
}

function parameters(route: Route, components: Json): Json {
  const list = [
    ...fieldsOf(route.params, 'path', components),
    ...fieldsOf(route.documentedQuery ?? route.query, 'query', components),
  ];
  return list.length > 0 ? { parameters: list } : {};
}

function fieldsOf(schema: z.ZodType | undefined, place: 'path' | 'query', components: Json): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = toSchema(schema, 'input', components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description ? { description } : {}),
    schema: rest,
  }));
}

function requestBody(route: Route, components: Json): Json {
  const body = route.documentedBody ?? route.body;
  if (!body) return {};
  const schema = toSchema(body, 'input', components);
  const content: Json = { 'application/json': { schema } };
  if (route.form) content['application/x-www-form-urlencoded'] = { schema };
  return { requestBody: { required: true, content } };
}

function success({ returns }: Route, components: Json): Json {
  const description = returns.description ?? 'Success.';
  const also = Object.fromEntries((returns.also ?? []).map(({ status, description }) => [status, { description }]));
  if (!returns.body) return { ...also, [returns.status]: { description } };
  return {
    ...also,
    [returns.status]: {
      description,
      content: { 'application/json': { schema: toSchema(returns.body, 'output', components) } },
    },
  };
}

function errorResponses(route: Route): Json {
  const all = [...route.errors, ...impliedErrors(route)];
  const byStatus = Map.groupBy([...new Map(all.map((error) => [error.name, error])).values()], (error) => error.status);
  const responses: Json = {};
  for (const [status, errors] of [...byStatus].sort(([a], [b]) => a - b)) {
    const family = errors.some((error) => error.family === 'oauth') ? 'OAuthError' : 'Error';
    responses[status] = {
      description: errors.map((error) => `\`${error.code}\``).join(', '),
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${family}` } } },
    };
  }
  return responses;
}

function impliedErrors(route: Route): readonly ErrorClass[] {
  const implied: ErrorClass[] = [TooManyRequests];
  if (route.auth.kind !== 'anyone') implied.push(Unauthorized, Forbidden);
  if (route.body || route.query) implied.push(InvalidRequestParameters);
  return commonErrors.filter((error) => implied.includes(error));
}

/** A zod schema as JSON Schema; what carries an id becomes a component. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const {
    $schema: _,
    $defs,
    ...rest
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as Json;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Json))
    components[name] = withoutId(pointAtComponents(definition));
  const own = pointAtComponents(rest) as Json;
  if (typeof own.id !== 'string') return own;
  components[own.id] = withoutId(own);
  return { $ref: `#/components/schemas/${own.id}` };
}

const withoutId = (schema: unknown): unknown => {
  const { id: _, ...rest } = schema as Json;
  return rest;
};

function pointAtComponents(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(pointAtComponents);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) =>
      key === '$ref' && typeof value === 'string'
        ? [key, value.replace('#/$defs/', '#/components/schemas/')]
        : [key, pointAtComponents(value)],
    ),
  );
}
