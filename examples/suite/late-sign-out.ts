/** For SDKs that renew the session in the same answer that ends it: the one must not undo the other. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seesWelcome, signOutButton } from './pages.ts';
import { newcomer } from './people.ts';
import type { Stage } from './stage.ts';

export function lateSignOut(stage: () => Stage): void {
  it('signs out somebody on whose open page the access token has run out', async () => {
    const { visitor } = await stage().longAgo(() => newcomer(stage()));
    await using _ = visitor;
    await signOutButton(visitor.page).click();
    await seesWelcome(visitor.page);
    assert.equal(visitor.page.url(), `${stage().app.url}/`);
    assert.equal(await visitor.session(), '');
  });
}
