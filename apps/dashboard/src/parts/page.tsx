import { type ReactNode, useEffect } from 'react';

interface PageProps {
  readonly title: string;
  readonly sentence: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A page as every page begins: its title, one sentence, and the primary action at the end of the line. */
export function Page({ title, sentence, action, children }: PageProps) {
  usePageTitle(title);
  return (
    <>
      <header className="page-header">
        <div>
          <h1>{title}</h1>
          <p>{sentence}</p>
        </div>
        {action ? <div className="page-actions">{action}</div> : null}
      </header>
      {children}
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
  readonly action?: ReactNode;
}

export function Section({ id, title, about, formerly, action, children }: SectionProps) {
  return (
    <section id={id} className="section" aria-labelledby={`${id}-title`} tabIndex={-1}>
      <div className="section-head">
        <div>
          <h2 id={`${id}-title`}>
            {title}
            {formerly ? <small>also called {formerly}</small> : null}
          </h2>
          {about ? <p>{about}</p> : null}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
