import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/decisions/0019-dependencies.md';
const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

type Manifest = Partial<Record<(typeof kinds)[number], Record<string, string>>>;

/** What every package.json asks for from npm; our own packages are not dependencies in this sense. */
function listedInManifests(): readonly string[] {
  const files = globSync(['package.json', '{packages,apps,examples}/*/package.json'], { cwd: root });
  const names = files.flatMap((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
    return kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
  });
  return [...new Set(names)].filter((name) => !name.startsWith('@authkit/')).sort();
}

/** The packages with a row of their own on the page, whose second cell says something. */
function explainedOnPage(): readonly string[] {
  const rows = readFileSync(join(root, page), 'utf8').matchAll(/^\| `([^`]+)` \| \S.* \|$/gm);
  return [...rows].map((row) => row[1] ?? '').sort();
}

describe(page, () => {
  it('gives a reason for every dependency', () => {
    const explained = explainedOnPage();
    const missing = listedInManifests().filter((name) => !explained.includes(name));
    assert.deepEqual(missing, [], `Add a row that says why to ${page}, or do without.`);
  });

  it('names none that is gone, and none twice', () => {
    const listed = listedInManifests();
    const explained = explainedOnPage();
    assert.deepEqual(
      explained.filter((name) => !listed.includes(name)),
      [],
    );
    assert.equal(new Set(explained).size, explained.length);
  });
});
