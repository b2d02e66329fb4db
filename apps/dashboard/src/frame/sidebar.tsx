import { Dialog, DropdownMenu } from '@radix-ui/themes';
import { Link, useNavigate } from '@tanstack/react-router';
import { BookOpen, Check, ChevronsUpDown, ExternalLink, Inbox, type LucideIcon, Menu, Search } from 'lucide-react';
import { useDirection } from '../core/direction.ts';
import { useDesk } from '../core/environment.tsx';
import { useEnvironment } from '../environments/queries.ts';
import { UserMenu } from '../operators/user-menu.tsx';
import { useHasWaitlist } from '../organizations/waitlist-queries.ts';
import { useReturnFocus } from '../parts/return-focus.ts';
import { pages } from './destinations.ts';
import { commandKey } from './shortcuts.tsx';

const groups = [
  { name: null, pages: [pages.overview, pages.users, pages.organizations, pages.invitations, pages.waitlist] },
  {
    name: 'Sign-in',
    pages: [
      pages.authentication,
      pages.providers,
      pages.connections,
      pages.jwtTemplate,
      pages.redirects,
      pages.branding,
    ],
  },
  { name: 'Mail and domains', pages: [pages.emails, pages.suppressed, pages.domains] },
  { name: 'Develop', pages: [pages.apiKeys] },
] as const;

interface SidebarProps {
  readonly onSearch: () => void;
  readonly onShortcuts: () => void;
  /** Called when a link is followed, so that a sheet can close. */
  readonly onFollow?: () => void;
}

export function Sidebar(props: SidebarProps) {
  return (
    <div className="sidebar sidebar-fixed">
      <SidebarBody {...props} />
    </div>
  );
}

function SidebarBody({ onSearch, onShortcuts, onFollow }: SidebarProps) {
  const { me } = useDesk();
  const environment = useEnvironment();
  // An application that lets everybody in, or nobody, has no use for it, once nobody stands on it any more.
  const signUp = environment.data?.settings.sign_up;
  const isLeft = useHasWaitlist(signUp !== undefined && signUp !== 'waitlist');
  const hasWaitlist = signUp === 'waitlist' || isLeft;
  return (
    <>
      <EnvironmentSwitcher />
      <button type="button" className="search-button" onClick={onSearch}>
        <Search size={15} aria-hidden="true" />
        <span>Search</span>
        <kbd>{commandKey} K</kbd>
      </button>
      <nav aria-label="Main">
        {groups.map((group) => (
          <div key={group.name}>
            {group.name ? <h2>{group.name}</h2> : null}
            <ul>
              {group.pages
                .filter((page) => page !== pages.waitlist || hasWaitlist)
                .map(({ title, target, icon }) => (
                  <li key={title}>
                    <PageLink title={title} to={target.to} icon={icon} onFollow={onFollow} />
                  </li>
                ))}
              {group.name === 'Develop' ? (
                <li>
                  <a className="nav-link" href="/docs" target="_blank" rel="noreferrer">
                    <BookOpen size={16} aria-hidden="true" />
                    Docs
                    <ExternalLink size={13} className="nav-away" aria-label="(opens in a new tab)" />
                  </a>
                </li>
              ) : null}
              {group.name === 'Develop' && me.mailbox_url ? (
                <li>
                  <a className="nav-link" href={me.mailbox_url} target="_blank" rel="noreferrer">
                    <Inbox size={16} aria-hidden="true" />
                    Mailbox
                    <ExternalLink size={13} className="nav-away" aria-label="(opens in a new tab)" />
                  </a>
                </li>
              ) : null}
            </ul>
          </div>
        ))}
      </nav>
      <div className="sidebar-foot">
        <UserMenu onShortcuts={onShortcuts} />
      </div>
    </>
  );
}

interface PageLinkProps {
  readonly title: string;
  readonly to: (typeof pages)[keyof typeof pages]['target']['to'];
  readonly icon: LucideIcon;
  readonly onFollow?: (() => void) | undefined;
}

function PageLink({ title, to, icon: Icon, onFollow }: PageLinkProps) {
  return (
    <Link
      to={to}
      className="nav-link"
      // A user is one of Users; the pages below these two have links of their own.
      activeOptions={{ exact: to === '/' || to === '/authentication' || to === '/emails', includeSearch: false }}
      onClick={onFollow}
    >
      <Icon size={16} aria-hidden="true" />
      {title}
    </Link>
  );
}

/** Another environment, the same page. */
function EnvironmentSwitcher() {
  const { me, environment } = useDesk();
  const navigate = useNavigate();
  return (
    <DropdownMenu.Root modal={false} dir={useDirection()}>
      <DropdownMenu.Trigger>
        <button type="button" className="switcher" aria-label={`Environment: ${environment.name}`}>
          <span className="env-dot" data-kind={environment.kind} aria-hidden="true" />
          <span>{environment.name}</span>
          <ChevronsUpDown size={14} aria-hidden="true" />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content variant="soft" className="switcher-menu">
        <DropdownMenu.Label>Environments</DropdownMenu.Label>
        {me.environments.map(({ id, name, kind }) => (
          <DropdownMenu.Item
            key={id}
            onSelect={() => navigate({ to: '.', search: (search) => ({ ...search, environment: id }) })}
          >
            <span className="env-dot" data-kind={kind} aria-hidden="true" />
            {name}
            {id === environment.id ? <Check size={14} className="menu-end" aria-label="(current)" /> : null}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

/** The bar that stands in for the sidebar on a narrow screen. */
export function TopBar({ onMenu, onSearch }: { onMenu: () => void; onSearch: () => void }) {
  const { environment } = useDesk();
  return (
    <header className="top-bar">
      <button type="button" className="icon-button" aria-label="Menu" onClick={onMenu}>
        <Menu size={20} aria-hidden="true" />
      </button>
      <span className="env-dot" data-kind={environment.kind} aria-hidden="true" />
      <span>{environment.name}</span>
      <button type="button" className="icon-button" aria-label="Search" onClick={onSearch}>
        <Search size={18} aria-hidden="true" />
      </button>
    </header>
  );
}

interface SheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onSearch: () => void;
  readonly onShortcuts: () => void;
}

export function SidebarSheet({ open, onOpenChange, onSearch, onShortcuts }: SheetProps) {
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Content className="sheet" onCloseAutoFocus={returnFocus} aria-describedby={undefined}>
        <Dialog.Title as="h2" className="unseen">
          Menu
        </Dialog.Title>
        <div className="sidebar">
          <SidebarBody onSearch={onSearch} onShortcuts={onShortcuts} onFollow={() => onOpenChange(false)} />
        </div>
      </Dialog.Content>
    </Dialog.Root>
  );
}
