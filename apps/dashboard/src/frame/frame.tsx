import { unwrap } from '@authkit/client';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { isLeaving, isSignedOut, operatorClient } from '../core/api.ts';
import { chosenEnvironment, rememberEnvironment } from '../core/chosen-environment.ts';
import { DeskProvider, type EnvironmentSummary, type Me } from '../core/environment.tsx';
import { Failure, Skeleton } from '../parts/states.tsx';
import { CommandSearch } from './command-search.tsx';
import { SignedOutPage } from './lost-pages.tsx';
import { Reauthentication } from './reauthentication.tsx';
import { ShortcutsDialog, useShortcuts } from './shortcuts.tsx';
import { Sidebar, SidebarSheet, TopBar } from './sidebar.tsx';

/** Everything around a page. It waits for the operator's session before it draws anything that needs one. */
export function Frame() {
  const anonymous = useMemo(() => operatorClient(null), []);
  const me = useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => unwrap(anonymous.GET('/dashboard/api/me', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (me.data) return <Desk me={me.data} />;
  if (isSignedOut(me.error) && !isLeaving()) return <SignedOutPage />;
  return (
    <main className="alone">
      {me.isError && !isLeaving() ? <Failure error={me.error} onRetry={() => me.refetch()} /> : <Skeleton lines={6} />}
    </main>
  );
}

function useEnvironment(me: Me): EnvironmentSummary | undefined {
  const named = new URLSearchParams(useLocation().searchStr).get('environment');
  const id = named ?? chosenEnvironment();
  const environment = me.environments.find((candidate) => candidate.id === id) ?? me.environments[0];
  useEffect(() => {
    if (environment) rememberEnvironment(environment.id);
  }, [environment]);
  return environment;
}

function Desk({ me }: { me: Me }) {
  const environment = useEnvironment(me);
  const [panel, setPanel] = useState<'search' | 'shortcuts' | 'menu' | null>(null);
  useShortcuts(setPanel);
  useFragment();
  const desk = useMemo(
    () =>
      environment && {
        me,
        environment,
        api: operatorClient(environment.id),
        key: (...parts: readonly unknown[]) => [environment.id, ...parts],
      },
    [me, environment],
  );

  if (!desk) return <main className="alone">This account has no environment yet.</main>;
  const closed = (open: boolean) => open || setPanel(null);
  return (
    <DeskProvider value={desk}>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <div className="frame" data-kind={desk.environment.kind}>
        <Sidebar onSearch={() => setPanel('search')} onShortcuts={() => setPanel('shortcuts')} />
        <div className="stage">
          <TopBar onMenu={() => setPanel('menu')} onSearch={() => setPanel('search')} />
          {desk.environment.kind === 'staging' ? (
            <aside className="strip" aria-label="Environment">
              Staging. Do not use real data.
            </aside>
          ) : null}
          {/* Another environment is another desk: nothing half-typed moves over. */}
          <main id="content" className="content" tabIndex={-1} key={desk.environment.id}>
            <Outlet />
          </main>
        </div>
      </div>
      <SidebarSheet
        open={panel === 'menu'}
        onOpenChange={closed}
        onSearch={() => setPanel('search')}
        onShortcuts={() => setPanel('shortcuts')}
      />
      <CommandSearch open={panel === 'search'} onOpenChange={closed} />
      <ShortcutsDialog open={panel === 'shortcuts'} onOpenChange={closed} />
      <Reauthentication />
    </DeskProvider>
  );
}

/** Follows a fragment to its section, which the router cannot: the section may not be there yet. */
function useFragment() {
  const { hash, pathname } = useLocation();
  useEffect(() => {
    if (hash) void focusSection(hash, pathname);
  }, [hash, pathname]);
}

const arrivalFrames = 120;

/** The section may still be on its way (lazy page, data), so this looks once per frame for about two seconds. */
async function focusSection(id: string, pathname: string) {
  for (let frame = 0; frame < arrivalFrames; frame += 1) {
    await new Promise(requestAnimationFrame);
    if (!window.location.pathname.endsWith(pathname)) return;
    const section = document.getElementById(id);
    // Lists above that are still loading would push the section away again once they arrive.
    if (!section || document.querySelector('main .skeleton')) continue;
    section.scrollIntoView({ block: 'start' });
    (section.querySelector<HTMLElement>('[data-first]') ?? section).focus({ preventScroll: true });
    return;
  }
}
