import { useId } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { FieldProblem } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { type Brand, useImageUrl, useUploadImage } from './queries.ts';

export interface PartProps {
  readonly draft: Brand;
  readonly onChange: (part: Partial<Brand>) => void;
}

type ImageField = 'logo' | 'logo_dark' | 'icon';

const images: readonly { readonly field: ImageField; readonly label: string; readonly about: string }[] = [
  { field: 'logo', label: 'Logo', about: 'Up to 40 pixels high on the pages. Without one, the name’s initial.' },
  { field: 'logo_dark', label: 'Logo on dark', about: 'Where pages are dark. Without one, the other logo.' },
  { field: 'icon', label: 'Icon', about: 'In the browser’s tab. Square, 64 pixels or more.' },
];

export function Images({ draft, onChange }: PartProps) {
  return (
    <Section id="images" title="Logo and icon" about="PNG, JPEG or WebP, at most 256 KiB.">
      {images.map((image, index) => (
        <ImageRow
          key={image.field}
          {...image}
          isFirst={index === 0}
          imageId={draft[image.field]}
          onChange={(id) => onChange({ [image.field]: id })}
        />
      ))}
    </Section>
  );
}

interface ImageRowProps {
  readonly field: ImageField;
  readonly label: string;
  readonly about: string;
  readonly isFirst: boolean;
  readonly imageId: string | null;
  readonly onChange: (id: string | null) => void;
}

function ImageRow({ field, label, about, isFirst, imageId, onChange }: ImageRowProps) {
  const id = useId();
  const upload = useUploadImage();
  const url = useImageUrl();
  return (
    <div className="setting-row">
      <div>
        <span className="field-label">{label}</span>
        <div id={`${id}-about`} className="field-hint">
          {about}
          {upload.error ? <FieldProblem>{sentenceOf(upload.error)}</FieldProblem> : null}
        </div>
      </div>
      <div className="setting-control image-control">
        {imageId ? (
          <img className="image-shown" data-dark={field === 'logo_dark' || undefined} src={url(imageId)} alt={label} />
        ) : null}
        <label className="quiet-button file-button">
          {upload.isPending ? 'Uploading…' : imageId ? 'Replace' : 'Upload'}
          <span className="unseen"> {label}</span>
          <input
            type="file"
            className="unseen"
            accept="image/png,image/jpeg,image/webp"
            aria-describedby={`${id}-about`}
            data-first={isFirst || undefined}
            disabled={upload.isPending}
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              // So that the same file can be chosen again.
              event.target.value = '';
              if (file) upload.mutate(file, { onSuccess: (image) => onChange(image.id) });
            }}
          />
        </label>
        {imageId ? (
          <button type="button" className="quiet-button danger-text" onClick={() => onChange(null)}>
            Remove <span className="unseen">{label}</span>
          </button>
        ) : null}
      </div>
    </div>
  );
}
