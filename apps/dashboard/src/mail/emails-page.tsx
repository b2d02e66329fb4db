import { Link } from '@tanstack/react-router';
import { useEnvironment } from '../environments/queries.ts';
import { Page, Section } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { FailedMails } from './failed-mails.tsx';
import { ProviderForm } from './provider-form.tsx';
import { useMailProvider } from './queries.ts';
import { SentByApp } from './sent-by-app.tsx';
import { TestMessage } from './test-message.tsx';

/** Through whose mail server an environment sends, what it sends, and what did not leave. */
export function EmailsPage() {
  const provider = useMailProvider();
  const environment = useEnvironment();
  return (
    <Page title="Emails" sentence="How mails leave this environment, and which ones do." guide="mail">
      <Loaded query={provider} lines={8}>
        {(mail) => (
          <>
            <Section
              id="provider"
              title="Mail server"
              about={
                <>
                  {mail.provider?.enabled
                    ? 'Mails leave through your own mail server. '
                    : 'Mails leave the way this server was set up. Enter a mail server of your own to send in your name. '}
                  {mail.keeps_copies ? 'On this development server the mailbox keeps a copy of each.' : null}
                </>
              }
            >
              <ProviderForm mail={mail} />
            </Section>
            {mail.provider ? (
              <Section
                id="test"
                title="Send a test message"
                about="By the mail server as it is saved, switched on or not. Here you see what it said."
              >
                <TestMessage />
              </Section>
            ) : null}
          </>
        )}
      </Loaded>
      <Section
        id="failures"
        title="Mails that did not leave"
        about="They are tried again for over an hour, and at once when the mail server above is changed. A code that would come too late is dropped."
      >
        <FailedMails />
      </Section>
      <Section
        id="kinds"
        title="Who sends what"
        about="Switched off, your application sends it: the API gives it the code or the link. The hosted pages then wait for a mail that only your application can send."
        guide="mail"
      >
        <Loaded query={environment} lines={4}>
          {({ settings }) => <SentByApp settings={settings} />}
        </Loaded>
      </Section>
      <p className="notice">
        Nothing is sent to addresses that were refused for good.{' '}
        <Link to="/emails/suppressed" className="text-link">
          See suppressed addresses
        </Link>
      </p>
    </Page>
  );
}
