import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { processorMs } from '../../test/time.ts';
import { maxClaimsBytes, maxContentLength } from './limits.ts';
import { type Claims, type Json, parseTemplate, renderTemplate, type Template, type Values } from './template.ts';

const person: Values = {
  user: {
    id: 'user_1',
    email: 'ada@example.com',
    email_verified: true,
    first_name: 'Ada',
    last_name: null,
    metadata: { tier: 'gold', 'cost-centre': '7' },
    identities: { GoogleOAuth: '42', GithubOAuth: null },
  },
  organization: null,
  organization_membership: { role: 'admin', roles: ['admin', 'member'], custom_attributes: { level: 3 } },
};

function parsed(content: string): Template {
  const result = parseTemplate(content);
  if ('faults' in result) assert.fail(JSON.stringify(result.faults));
  return result.template;
}
const rendered = (content: string, values = person): Claims => renderTemplate(parsed(content), values);
const faultsOf = (content: string): string[] => {
  const result = parseTemplate(content);
  return 'faults' in result ? result.faults.map(({ code }) => code) : [];
};

describe('a JWT template', () => {
  for (const [content, claims] of [
    ['{"a": "{{user.first_name}} {{ user.last_name }}!"}', { a: 'Ada !' }],
    ['{"a": "{{ user.email_verified }}", "b": {{ user.email_verified }}}', { a: true, b: true }],
    ['{"a": "is {{ user.email_verified }}"}', { a: 'is true' }],
    [
      '{"a": {{ user.metadata }}, "b": {"c": [{{organization_membership.roles}}, 1]}}',
      {
        a: { tier: 'gold', 'cost-centre': '7' },
        b: { c: [['admin', 'member'], 1] },
      },
    ],
    ['{"a": {{ user.last_name || user.first_name }}}', { a: 'Ada' }],
    ['{"a": "{{ organization.name || user.last_name || \'no one\' }}"}', { a: 'no one' }],
    ['{"a": {{ organization.name||\'a || b }} "c"\' }}}', { a: 'a || b }} "c"' }],
    ['{"a": "{{user.metadata.cost-centre}}", "b": "{{user.metadata.none}}"}', { a: '7' }],
    ['{"a": {{user.identities.GoogleOAuth}}, "b": {{user.identities.GithubOAuth}}}', { a: '42' }],
    ['{"a": "{{organization_membership.custom_attributes.level}}"}', { a: 3 }],
    ['{"a": null, "b": {"c": null, "d": {{user.last_name}}}}', { b: { c: null, d: null } }],
    ['{"a": "}} { }", "b": 1.5, "c": [], "d": {}}', { a: '}} { }', b: 1.5, c: [], d: {} }],
    ['{"aud": "app", "role": "owner", "permissions": ["a:b"]}', { aud: 'app', role: 'owner', permissions: ['a:b'] }],
  ] satisfies [string, Claims][]) {
    it(`makes ${JSON.stringify(claims)} of ${content}`, () => assert.deepEqual(rendered(content), claims));
  }

  for (const [content, codes] of [
    ['', ['template_not_json']],
    ['{"a": }', ['template_not_json']],
    ['{{ user.id }}', ['template_not_an_object']],
    ['["{{ user.id }}"]', ['template_not_an_object']],
    ['{}', ['template_empty']],
    ['{"a": "{{ user.id"}', ['expression_invalid']],
    ['{"a": "{{ }}"}', ['expression_invalid']],
    ['{"a": "{{ user.id | upcase }}"}', ['expression_invalid']],
    ['{"a": "{{ user.id || }}"}', ['expression_invalid']],
    ['{"a": "{{ user.id user.email }}"}', ['expression_invalid']],
    ['{"a": "{{ user..id }}"}', ['expression_invalid']],
    ['{"a": "{{ user }}"}', ['path_unknown']],
    ['{"a": "{{ user.last_sign_in_at }}"}', ['path_unknown']],
    ['{"a": "{{ user.password }}"}', ['path_unknown']],
    ['{"a": "{{ user.email.length }}"}', ['path_unknown']],
    ['{"a": "{{ user.metadata.a.b }}"}', ['path_unknown']],
    ['{"a": "{{ user.identities.Nobody }}"}', ['path_unknown']],
    ['{"a": "{{ __proto__.id }}"}', ['path_unknown']],
    ['{"a": "{{ user.constructor }}"}', ['path_unknown']],
    ['{"a": "{{ session.id }} {{ user.nothing }}"}', ['path_unknown', 'path_unknown']],
    ['{"a": "my {{ user.metadata }}"}', ['path_not_a_text']],
    ['{"{{user.id}}": 1}', ['name_has_expression']],
    [`{"a": ${'['.repeat(4000)}${']'.repeat(4000)}}`, ['template_too_deep']],
    [`{"a": "${'x'.repeat(maxClaimsBytes)}"}`, ['template_too_big']],
    [`{"a": "${'x'.repeat(maxContentLength)}"}`, ['template_too_long']],
  ] satisfies [string, string[]][]) {
    it(`is not ${content.slice(0, 60)}`, () => assert.deepEqual(faultsOf(content), codes));
  }

  for (const name of ['iss', 'sub', 'exp', 'iat', 'nbf', 'jti', 'sid', 'org_id', 'act', 'client_id', 'auth_time']) {
    it(`cannot set ${name}, however the name is written`, () => {
      const escaped = `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`;
      for (const spelled of [name, escaped]) {
        assert.deepEqual(faultsOf(`{"${spelled}": "{{ user.id }}"}`), ['claim_reserved']);
        assert.deepEqual(faultsOf(`{"a": 1, "${spelled}": null, "${spelled}": 1}`), ['claim_reserved']);
      }
      // One that came into the table by another way does nothing either.
      const smuggled = { members: [[name, { kind: 'constant', value: 'x' }]], needs: new Set<string>() } as const;
      assert.deepEqual(renderTemplate(smuggled, person), {});
    });
  }

  it('never makes names or expressions of what people wrote', () => {
    const template = parsed(
      '{"a": "{{user.name}}", "b": "<{{user.name}}>", "c": {{user.metadata}}, "d": {"e": [{{user.name}}]}}',
    );
    fc.assert(
      fc.property(hostile, fc.dictionary(hostile, hostile, { maxKeys: 4 }), (name, metadata) => {
        const claims = renderTemplate(template, { user: { name, metadata } });
        const through = JSON.parse(JSON.stringify(claims));
        const expected = JSON.parse(JSON.stringify({ a: name, b: `<${name}>`, c: metadata, d: { e: [name] } }));
        assert.deepEqual(through, expected);
      }),
    );
  });

  it('made of constants only is that object without nulls', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
    const objects = fc.dictionary(fc.string(), json, { maxKeys: 5, minKeys: 1 });
    fc.assert(
      fc.property(objects, (object) => {
        const content = JSON.stringify(object);
        fc.pre(!content.includes('{{') && content.length <= 2000);
        fc.pre(!Object.keys(object).some((name) => /^(iss|sub|exp|iat|nbf|jti|sid|org_id|act)$/.test(name)));
        const kept = Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
        assert.deepEqual(JSON.parse(JSON.stringify(rendered(content))), JSON.parse(JSON.stringify(kept)));
      }),
    );
  });

  it('is judged without a crash and in no time, whatever it is', async () => {
    const piece = fc.constantFrom(
      ...['{', '}', '{{', '}}', '"', "'", '\\', ':', ',', '[', ']', '||', ' user.id ', 'a', '.'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const result = parseTemplate(`{"a":${pieces.join('')}}`);
        if ('template' in result) renderTemplate(result.template, person);
      }),
      { numRuns: 2000 },
    );
    for (const unit of ['{{', '"', "'", "{{'", '"\\', '{{a||', '}}', "{{''", '{"']) {
      const spent = await processorMs(() => {
        parseTemplate(unit.repeat(maxContentLength / unit.length));
        parseTemplate(`{"a": "${unit.replaceAll('"', '').replaceAll('\\', '').repeat(2700)}"}`);
      });
      assert.ok(spent < 1000, `${unit}: ${spent} ms`);
    }
  });
});

/** Text that would do harm where values are pasted into text. */
const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '", "sub": "user_2',
    '{{ user.email }}',
    '\\',
    '"}',
    '__proto__',
    "' || '",
    '\u2028',
    '\ud800',
    'sub',
  ),
);
