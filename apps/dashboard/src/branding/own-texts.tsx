import { Select } from '@radix-ui/themes';
import { useState } from 'react';
import { languages } from '../core/languages.ts';
import { problemWith } from '../core/problems.ts';
import { FieldProblem, SettingRow, TextInput } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import type { PartProps } from './images.tsx';
import type { Brand } from './queries.ts';

/** Where each text stands. One that this dashboard has not met yet goes by its key. */
const labels: Readonly<Record<string, string>> = {
  'signIn.title': 'Title of the sign-in page',
  'signIn.toContinue': 'Below the title of the sign-in page',
  'signIn.signUpHeading': 'Title of the sign-up page',
  'signIn.signedOutHeading': 'Title after signing out',
  'signIn.signedOutContext': 'Below the title after signing out',
  'password.heading': 'Title of the password page',
  'codes.title': 'Title where a mailed code is asked for',
};

const takesAppName: readonly string[] = ['signIn.toContinue', 'signIn.signedOutHeading'];

const labelOf = (key: string): string => labels[key] ?? key;

interface OwnTextsProps extends PartProps {
  readonly keys: readonly string[];
  readonly error: unknown;
}

/** An operator's own words, language by language; what is left empty stays as we say it. */
export function OwnTexts({ draft, keys, onChange, error }: OwnTextsProps) {
  const [language, setLanguage] = useState('en');
  const written = draft.texts[language] ?? {};
  // The API names the language before the text; here it is the one that is shown.
  const problem = problemWith(error, `texts.${language}`)?.replace(`'texts.${language}' `, '');
  return (
    <Section
      id="texts"
      title="Own texts"
      about="Empty fields keep our words. A page in another language keeps its own."
    >
      <SettingRow id="text-language" label="Language" about="Of the texts below.">
        <Select.Root value={language} onValueChange={setLanguage}>
          <Select.Trigger
            id="text-language"
            data-first
            aria-describedby="text-language-about"
            className="checker-list"
          />
          <Select.Content position="popper" align="end">
            {languages.map(([tag, name]) => (
              <Select.Item key={tag} value={tag}>
                {draft.texts[tag] ? `${name} •` : name}
              </Select.Item>
            ))}
          </Select.Content>
        </Select.Root>
      </SettingRow>
      <div className="own-texts">
        {keys.map((key) => (
          <TextInput
            key={key}
            label={labelOf(key)}
            hint={takesAppName.includes(key) ? 'May hold {app}, the application’s name.' : undefined}
            lang={language}
            dir="auto"
            maxLength={200}
            autoComplete="off"
            value={written[key] ?? ''}
            onChange={(event) => onChange({ texts: withText(draft.texts, language, key, event.target.value) })}
            problem={problem?.startsWith(`'${key}'`) ? problem.replace(`'${key}'`, labelOf(key)) : undefined}
          />
        ))}
        {problem && !keys.some((key) => problem.startsWith(`'${key}'`)) ? <FieldProblem>{problem}</FieldProblem> : null}
      </div>
    </Section>
  );
}

/** The texts with one more, or without it when it is empty. */
function withText(texts: Brand['texts'], language: string, key: string, text: string): Brand['texts'] {
  const { [key]: _, ...others } = texts[language] ?? {};
  const written = text === '' ? others : { ...others, [key]: text };
  const { [language]: __, ...otherLanguages } = texts;
  return Object.keys(written).length === 0 ? otherLanguages : { ...otherLanguages, [language]: written };
}
