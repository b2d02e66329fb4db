import { Button } from '@radix-ui/themes';
import { useState } from 'react';
import { exactTime } from '../core/dates.ts';
import { sentenceOf } from '../core/problems.ts';
import { Confirm } from '../parts/confirm.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { FieldProblem, TextArea } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { Pill } from '../parts/pill.tsx';
import { toast } from '../parts/toast.tsx';
import { type Connection, useConnectionChanges } from './queries.ts';
import { expiryOf } from './state-pill.tsx';

type Certificate = Connection['certificates'][number];

/** What the provider signs with. While it changes its key there are two, and either counts. */
export function Certificates({ connection }: { connection: Connection }) {
  const { id, certificates } = connection;
  const { update } = useConnectionChanges(id);
  const [leaving, setLeaving] = useState<Certificate | null>(null);
  return (
    <Section
      id="certificates"
      title="Certificates"
      about="Only what one of these has signed is believed. They do not stop working by themselves when they expire; the provider then signs with another, which has to be here."
    >
      {certificates.length === 0 ? <p className="soft">None yet. They come with the metadata.</p> : null}
      <ul className="domains" aria-label="Certificates">
        {certificates.map((certificate) => (
          <CertificateCard
            key={certificate.fingerprint}
            certificate={certificate}
            onRemove={() => setLeaving(certificate)}
          />
        ))}
      </ul>
      <AddCertificate connection={connection} />
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => open || setLeaving(null)}
        title="Remove certificate?"
        verb="Remove certificate"
        onConfirm={async () => {
          const rest = certificates.filter(({ fingerprint }) => fingerprint !== leaving?.fingerprint);
          await update.mutateAsync({ certificates: rest.map(({ pem }) => pem) });
          toast('Certificate removed');
        }}
      >
        Nothing that it signs is believed any more.
      </Confirm>
    </Section>
  );
}

function CertificateCard({ certificate, onRemove }: { certificate: Certificate; onRemove: () => void }) {
  const { subject, fingerprint, not_after: notAfter } = certificate;
  const notice = expiryOf(notAfter);
  return (
    <li className="domain">
      <div className="domain-head">
        <div className="inline">
          <bdi className="domain-name">{subject}</bdi>
          {notice ? <Pill tone={notice.tone}>{notice.text}</Pill> : null}
        </div>
        <button type="button" className="quiet-button danger-text" onClick={onRemove}>
          Remove <span className="unseen">certificate {subject}</span>
        </button>
      </div>
      <p className="soft">
        Good until <time dateTime={notAfter}>{exactTime(notAfter)}</time>.
      </p>
      <CopyableId id={fingerprint} whole label={`fingerprint of ${subject}`} />
    </li>
  );
}

function AddCertificate({ connection: { id, certificates } }: { connection: Connection }) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const { update } = useConnectionChanges(id);
  if (!isOpen) {
    return (
      <div className="sso-form">
        <div>
          <Button variant="outline" color="gray" onClick={() => setOpen(true)}>
            Add certificate
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form
      className="sso-form"
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate(
          { certificates: [...certificates.map(({ pem }) => pem), text] },
          {
            onSuccess: () => {
              setText('');
              setOpen(false);
              toast('Certificate added');
            },
          },
        );
      }}
    >
      <TextArea
        label="Certificate"
        hint="PEM, or the base64 that the provider shows."
        dir="ltr"
        autoComplete="off"
        spellCheck={false}
        rows={4}
        required
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {update.error ? <FieldProblem>{sentenceOf(update.error)}</FieldProblem> : null}
      <div className="inline">
        <Button type="submit" variant="outline" color="gray" loading={update.isPending}>
          Save certificate
        </Button>
        <button type="button" className="quiet-button" onClick={() => setOpen(false)}>
          Cancel
        </button>
      </div>
    </form>
  );
}
