import type { Plugin } from 'postcss';

/**
 * The Radix Themes components this dashboard draws. A component that is missing here shows up unstyled at first sight,
 * so the list is kept by eye; what it buys is two thirds of the stylesheet.
 */
const drawn = new Set([
  'AlertDialogContent',
  'BaseButton',
  'BaseCheckboxRoot',
  'BaseCheckboxIndicator',
  'BaseDialogContent',
  'BaseDialogOverlay',
  'BaseDialogScroll',
  'BaseDialogScrollPadding',
  'BaseMenuContent',
  'BaseMenuItem',
  'BaseMenuLabel',
  'BaseMenuItemIndicator',
  'BaseMenuItemIndicatorIcon',
  'BaseMenuRadioItem',
  'BaseMenuCheckboxItem',
  'BaseMenuSeparator',
  'BaseMenuShortcut',
  'BaseMenuViewport',
  'BaseRadioRoot',
  'BaseTabList',
  'BaseTabListTrigger',
  'BaseTabListTriggerInner',
  'BaseTabListTriggerInnerHidden',
  'Button',
  'CheckboxRoot',
  'DialogContent',
  'DropdownMenuContent',
  'DropdownMenuItem',
  'Heading',
  'IconButton',
  'RadioGroupRoot',
  'RadioGroupItem',
  'RadioGroupItemInner',
  'ScrollAreaRoot',
  'ScrollAreaScrollbar',
  'ScrollAreaThumb',
  'ScrollAreaViewport',
  'ScrollAreaViewportFocusRing',
  'SegmentedControlIndicator',
  'SegmentedControlItem',
  'SegmentedControlItemLabel',
  'SegmentedControlItemLabelActive',
  'SegmentedControlItemLabelInactive',
  'SegmentedControlItemSeparator',
  'SegmentedControlRoot',
  'SelectContent',
  'SelectIcon',
  'SelectItem',
  'SelectItemIndicator',
  'SelectItemIndicatorIcon',
  'SelectTrigger',
  'SelectTriggerInner',
  'SelectViewport',
  'Spinner',
  'SpinnerLeaf',
  'SwitchRoot',
  'SwitchThumb',
  'TabsContent',
  'TabsTrigger',
  'Text',
  'TextFieldInput',
  'TextFieldRoot',
  'TextFieldSlot',
]);

/** A variant for one width of the window (`xs:` to `xl:`), which only responsive props ask for. */
const responsive = /\\:rt-/;

function isDrawn(selector: string): boolean {
  if (responsive.test(selector)) return false;
  const components = [...selector.matchAll(/\.rt-([A-Z]\w*)/g)].map(([, name]) => name ?? '');
  return components.length === 0 || components.some((name) => drawn.has(name));
}

/** Leaves out the rules of Radix Themes that nothing in the dashboard uses. */
export function pruneRadixThemes(): Plugin {
  return {
    postcssPlugin: 'prune-radix-themes',
    OnceExit(root) {
      root.walkRules((rule) => {
        // Imports are inlined by now, so each rule is asked for the file it came from.
        if (!rule.source?.input.file?.includes('@radix-ui/themes')) return;
        const kept = rule.selectors.filter(isDrawn);
        if (kept.length === 0) rule.remove();
        else if (kept.length < rule.selectors.length) rule.selectors = kept;
      });
      // From the inside out: a @supports whose only @media went away is empty too.
      for (let again = true; again; ) {
        again = false;
        root.walkAtRules((atRule) => {
          if (atRule.nodes?.length === 0) {
            atRule.remove();
            again = true;
          }
        });
      }
    },
  };
}
