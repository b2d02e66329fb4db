import { rebuildCss } from './rebuild.ts';

/**
 * What an operator's CSS cannot outrank: a small screen is all card, and a field shows that it has the focus or that
 * something is wrong with it. Of two layers the first wins in what is `!important`.
 */
const guard = [
  '@media (max-width:479px){',
  'main{padding:0!important}',
  '.card{max-width:none!important;padding-inline:24px!important;border-width:0!important;border-radius:0!important;box-shadow:none!important}',
  '.button{padding-inline:16px!important}',
  '.socials{column-gap:8px!important}',
  '}',
  '.reach,.text-button{min-height:44px!important}',
  '.box:has(input:focus-visible){border-color:var(--focus)!important}',
  '.bad .box{border-color:var(--danger)!important}',
  '.bad .box:has(input:focus-visible){border-color:var(--danger)!important}',
].join('');

/** As pages carry it, behind their own style; empty where an operator has none. What is not taken is left out. */
export function layerOf(source: string): string {
  const { css } = rebuildCss(source);
  return css === '' ? '' : `@layer guard,custom;@layer guard{${guard}}@layer custom{${css}}`;
}
