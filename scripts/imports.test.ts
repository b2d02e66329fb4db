import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { importsIn, ROOMS, readHouse, violations } from './imports.ts';

const root = resolve(import.meta.dirname, '..');

describe('the imports of this repository', () => {
  it('point one way', () => {
    const { sources, manifests } = readHouse(root);
    assert.ok(sources.length > 0);
    assert.deepEqual(violations(sources, manifests), []);
  });

  it('find a sign on the door of every room: an index.ts that opens by saying what the room owns', () => {
    const rooms = globSync('*/', { cwd: join(root, 'packages/server/src') }).map((room) => room.replace(/[/\\]$/, ''));
    const withoutSign = rooms.filter((room) => {
      const index = join(root, 'packages/server/src', room, 'index.ts');
      return !existsSync(index) || !readFileSync(index, 'utf8').startsWith('/**');
    });
    assert.deepEqual(withoutSign, []);
    assert.deepEqual(
      [...ROOMS].sort(),
      rooms.sort(),
      'a room in the list that is not in the house, or the other way round',
    );
  });
});

describe('the rules for imports', () => {
  const manifests = {
    '.': { devDependencies: { 'fast-check': '1' } },
    'packages/server': { dependencies: { zod: '1' }, devDependencies: { jose: '1' } },
    'packages/cli': { dependencies: { '@authkit/server': '*' } },
    'apps/dashboard': { devDependencies: { react: '1' } },
  };
  const check = (path: string, specifier: string) =>
    violations([{ path, text: `import { thing } from '${specifier}';\n` }], manifests);

  const allowed: ReadonlyArray<readonly [path: string, specifier: string]> = [
    ['packages/server/src/core/route.ts', './errors.ts'],
    ['packages/server/src/core/sql/index.ts', '../clock.ts'],
    ['packages/server/src/protocol/index.ts', '../core/index.ts'],
    ['packages/server/src/users/logic.ts', './store.ts'],
    ['packages/server/src/users/logic.ts', '../core/index.ts'],
    ['packages/server/src/users/logic.ts', '../environments/index.ts'],
    ['packages/server/src/sign-in/pages/code.ts', '../logic.ts'],
    ['packages/server/src/sign-in/pages/code.ts', '../../users/index.ts'],
    ['packages/server/src/app.ts', './dev/index.ts'],
    ['packages/server/src/users/store.ts', 'zod'],
    ['packages/server/src/users/store.ts', 'node:crypto'],
    ['packages/server/src/users/users.test.ts', '../../test/harness.ts'],
    ['packages/server/src/users/users.test.ts', '../sessions/index.ts'],
    ['packages/server/src/users/users.test.ts', 'jose'],
    ['packages/server/src/users/users.test.ts', 'fast-check'],
    ['packages/cli/src/dev.ts', '@authkit/server'],
    ['packages/cli/src/dev.ts', '@authkit/client'],
    ['apps/dashboard/src/users/list.tsx', '@authkit/client'],
    ['apps/dashboard/src/users/list.tsx', '../core/page.tsx'],
    ['apps/dashboard/src/users/list.tsx', 'react/jsx-runtime'],
  ];
  for (const [path, specifier] of allowed) {
    it(`allow ${specifier} in ${path}`, () => assert.deepEqual(check(path, specifier), []));
  }

  const refused: ReadonlyArray<readonly [path: string, specifier: string, because: RegExp]> = [
    ['packages/server/src/core/route.ts', '../users/index.ts', /core knows no room/],
    ['packages/server/src/core/route.ts', '../protocol/index.ts', /core knows no room/],
    ['packages/server/src/users/logic.ts', '../sessions/index.ts', /sessions comes after users/],
    ['packages/server/src/users/logic.ts', '../environments/store.ts', /entered through its index\.ts/],
    ['packages/server/src/users/logic.ts', '../core/sql/index.ts', /entered through its index\.ts/],
    ['packages/server/src/sign-in/pages/code.ts', '../../users/store.ts', /entered through its index\.ts/],
    ['packages/server/src/users/logic.ts', '../app.ts', /rooms know nothing of app\.ts/],
    ['packages/server/src/app.ts', './users/store.ts', /entered through its index\.ts/],
    ['packages/server/src/users/logic.ts', '../../test/harness.ts', /src must run without/],
    ['packages/server/src/users/users.test.ts', '../sessions/store.ts', /entered through its index\.ts/],
    ['packages/server/src/users/logic.ts', '../../../client/src/index.ts', /must not leave its package/],
    ['packages/server/src/users/logic.ts', '@authkit/client', /none of our other packages/],
    ['packages/server/src/users/logic.ts', 'fast-check', /does not list it under dependencies/],
    ['packages/server/src/users/logic.ts', 'jose', /does not list it under dependencies/],
    ['packages/server/src/users/logic.ts', 'lodash/merge', /does not list it under dependencies/],
    ['packages/server/src/users/logic.ts', '../flags/index.ts', /"flags" is not in ROOMS/],
    ['packages/server/src/flags/logic.ts', './store.ts', /"flags" has no place yet: put it into ROOMS/],
    ['packages/cli/src/dev.ts', '@authkit/server/test/harness', /only the public index/],
    ['packages/cli/src/dev.ts', '../../server/src/app.ts', /must not leave its package/],
    ['packages/mystery/src/index.ts', './a.ts', /nothing is known of packages\/mystery/],
    ['apps/dashboard/src/users/list.tsx', '@authkit/server', /may import @authkit\/client/],
    ['apps/dashboard/src/users/list.tsx', 'vue', /does not list it under devDependencies/],
  ];
  for (const [path, specifier, because] of refused) {
    it(`refuse ${specifier} in ${path}`, () => {
      const [problem, ...more] = check(path, specifier);
      assert.match(problem ?? 'nothing', because);
      assert.deepEqual(more, []);
    });
  }

  it('let each room use exactly the rooms before it', () => {
    const after = ROOMS.flatMap((here, place) => ROOMS.slice(place + 1).map((there) => [here, there] as const));
    for (const [here, there] of after) {
      assert.equal(
        check(`packages/server/src/${here}/logic.ts`, `../${there}/index.ts`).length,
        1,
        `${here} -> ${there}`,
      );
      assert.equal(
        check(`packages/server/src/${there}/logic.ts`, `../${here}/index.ts`).length,
        0,
        `${there} -> ${here}`,
      );
    }
  });

  it('refuse a way round, once, with every file on it', () => {
    const file = (name: string, ...imports: string[]) => ({
      path: `packages/server/src/users/${name}.ts`,
      text: imports.map((other) => `import type { Thing } from './${other}.ts';\n`).join(''),
    });
    const [problem, ...more] = violations(
      [file('a', 'b', 'd'), file('b', 'c', 'd'), file('c', 'a'), file('d')],
      manifests,
    );
    assert.match(problem ?? 'nothing', /users\/a\.ts: imports itself through .*users\/b\.ts, .*users\/c\.ts:/);
    assert.deepEqual(more, []);
    assert.deepEqual(violations([file('a', 'b', 'd'), file('b', 'c', 'd'), file('c', 'd'), file('d')], manifests), []);
  });

  it('see every way to import, and nothing that only looks like one', () => {
    const text = `
import a from 'one';
import type { B } from "two";
import * as c from 'three';
import d, { type E } from 'four';
import {
  f,
  g,
} from './five.ts';
import './six.css';
export * from './seven.ts';
export type { H } from './eight.ts';
export {
  i,
} from './nine.ts';
const j = await import('./ten.ts');
type K = import('./eleven.ts').K;
// import { no } from 'comment';
 * import { no } from 'docstring';
const text = "import { no } from 'string'";
export function from(text: string) { return \`select \${text} from 'table'\`; }
`;
    assert.deepEqual(importsIn(text), [
      'one',
      'two',
      'three',
      'four',
      './five.ts',
      './six.css',
      './seven.ts',
      './eight.ts',
      './nine.ts',
      './ten.ts',
      './eleven.ts',
    ]);
  });
});
