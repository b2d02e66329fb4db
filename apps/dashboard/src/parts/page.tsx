import { type ReactNode, useEffect } from 'react';

interface PageProps {
  readonly title: string;
  readonly sentence: string;
  /** The document that says more, below `/docs`. */
  readonly guide?: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A page as every page begins: its title, one sentence, and the primary action at the end of the line. */
export function Page({ title, sentence, guide, action, children }: PageProps) {
  usePageTitle(title);
  return (
    <>
      <header className="page-header">
        <div>
          <h1>{title}</h1>
          <p>
            {sentence}
            <GuideLink about={title} to={guide} />
          </p>
        </div>
        {action ? <div className="page-actions">{action}</div> : null}
      </header>
      {children}
    </>
  );
}

/** Documents are pages of the server and none of this app. */
function GuideLink({ about, to }: { about: string; to: string | undefined }) {
  if (to === undefined) return null;
  return (
    <>
      {' '}
      <a className="text-link" href={`/docs/${to}`} aria-label={`Guide: ${about}`}>
        Guide
      </a>
    </>
  );
}

export function usePageTitle(title: string) {
  useEffect(() => {
    document.title = `${title} – AuthKit`;
  }, [title]);
}

interface SectionProps {
  /** Also the fragment that command search jumps to. */
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
  /** What this does, in a sentence or two. */
  readonly about?: ReactNode;
  /** The names it had before, which guides may still use. */
  readonly formerly?: string;
  /** The document that says more, below `/docs`. */
  readonly guide?: string;
  readonly action?: ReactNode;
}

export function Section({ id, title, about, formerly, guide, action, children }: SectionProps) {
  return (
    <section id={id} className="section" aria-labelledby={`${id}-title`} tabIndex={-1}>
      <div className="section-head">
        <div>
          <h2 id={`${id}-title`}>
            {title}
            {formerly ? <small>also called {formerly}</small> : null}
          </h2>
          {about ? (
            <p>
              {about}
              <GuideLink about={title} to={guide} />
            </p>
          ) : null}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
