import { Select } from '@radix-ui/themes';
import { ExternalLink } from 'lucide-react';
import { useId, useState } from 'react';
import { languages } from '../core/languages.ts';
import { usePreviews } from './queries.ts';

const appearances: readonly (readonly [string, string])[] = [
  ['system', 'As this one'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

const widths: readonly (readonly [string, string])[] = [
  ['desktop', 'Whole window'],
  ['phone', 'Phone'],
];

const styles: readonly (readonly [string, string])[] = [
  ['on', 'With custom CSS'],
  ['off', 'Without it'],
];

/** A window as wide as a phone, for the same page: what it shows follows its width. */
const phoneWindow = 'popup,noopener,noreferrer,width=390,height=844';

/** `mail second_factor_changed` and `page sign-in` are values; people read `Second factor changed` and `Sign-in`. */
const readable = (name: string): string => {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const optionsOf = (kind: string, names: readonly string[]): readonly (readonly [string, string])[] =>
  names.map((name) => [`${kind} ${name}`, readable(name)]);

/** What of the saved draft to look at, and the way there: any page or mail, in any language, light or dark. */
export function PreviewChoice({ url, hasCss }: { url: string; hasCss: boolean }) {
  const { data = { pages: ['sign-in'], account_pages: [], mails: [] } } = usePreviews();
  const [shown, setShown] = useState('page sign-in');
  const [locale, setLocale] = useState('en');
  const [appearance, setAppearance] = useState('system');
  const [width, setWidth] = useState('desktop');
  const [css, setCss] = useState('on');
  const [kind = 'page', ...words] = shown.split(' ');
  const choice = {
    [kind]: words.join(' '),
    locale,
    ...(appearance !== 'system' && { appearance }),
    ...(css === 'off' && { css }),
  };
  return (
    <div className="preview-choice">
      <Choice
        label="Page or mail"
        value={shown}
        onChange={setShown}
        groups={[
          ['Pages', optionsOf('page', data.pages)],
          ['Account pages', optionsOf('account', data.account_pages)],
          ['Mails', optionsOf('mail', data.mails)],
        ]}
      />
      <Choice label="Shown in" value={locale} onChange={setLocale} groups={[['Languages', languages]]} />
      <Choice label="Device" value={appearance} onChange={setAppearance} groups={[['Devices', appearances]]} />
      <Choice label="Width" value={width} onChange={setWidth} groups={[['Widths', widths]]} />
      {hasCss ? <Choice label="Style" value={css} onChange={setCss} groups={[['Styles', styles]]} /> : null}
      <p className="preview-links">
        <PreviewLink href={addressOf(url, choice)} isPhone={width === 'phone'}>
          Open preview
        </PreviewLink>
        {kind === 'mail' ? (
          <PreviewLink href={addressOf(url, { ...choice, format: 'text' })}>Plain text</PreviewLink>
        ) : null}
      </p>
    </div>
  );
}

function addressOf(url: string, choice: Readonly<Record<string, string | undefined>>): string {
  const address = new URL(url);
  for (const [name, value] of Object.entries(choice)) if (value) address.searchParams.set(name, value);
  return address.href;
}

interface PreviewLinkProps {
  readonly href: string;
  readonly isPhone?: boolean;
  readonly children: string;
}

const PreviewLink = ({ href, isPhone = false, children }: PreviewLinkProps) => (
  <a
    className="text-link inline"
    href={href}
    target="_blank"
    rel="noreferrer"
    onClick={(event) => {
      if (!isPhone || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      window.open(href, '_blank', phoneWindow);
    }}
  >
    {children}
    <ExternalLink size={13} aria-label={isPhone ? '(opens in a window)' : '(opens in a new tab)'} />
  </a>
);

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly groups: readonly (readonly [string, readonly (readonly [string, string])[]])[];
}

function Choice({ label, value, onChange, groups }: ChoiceProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <Select.Root value={value} onValueChange={onChange}>
        <Select.Trigger id={id} />
        <Select.Content position="popper" align="end">
          {groups.map(([name, options]) => (
            <Select.Group key={name}>
              {groups.length > 1 ? <Select.Label>{name}</Select.Label> : null}
              {options.map(([option, text]) => (
                <Select.Item key={option} value={option}>
                  {text}
                </Select.Item>
              ))}
            </Select.Group>
          ))}
        </Select.Content>
      </Select.Root>
    </>
  );
}
