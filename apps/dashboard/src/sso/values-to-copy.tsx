import { CopyButton } from '../parts/copyable.tsx';

export interface ValueToCopy {
  readonly label: string;
  readonly value: string;
}

/** What an administrator types at the other side, exactly as it stands here. */
export function ValuesToCopy({ values }: { values: readonly ValueToCopy[] }) {
  return (
    <dl className="facts record sso-facts">
      {values.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="record-value">
            <bdi className="mono" dir="ltr">
              {value}
            </bdi>
            <CopyButton value={value} label={`Copy ${label}`} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
