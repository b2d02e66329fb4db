import { unwrap } from '@authkit/client';
import { DropdownMenu } from '@radix-ui/themes';
import { ChevronsUpDown, Keyboard, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { type Appearance, chooseAppearance, useAppearance } from '../core/appearance.ts';
import { useDirection } from '../core/direction.ts';
import { useDesk } from '../core/environment.tsx';
import { sentenceOf } from '../core/problems.ts';
import { Avatar } from '../parts/avatar.tsx';
import { toast } from '../parts/toast.tsx';

const appearances = [
  { value: 'system', name: 'System', icon: Monitor },
  { value: 'light', name: 'Light', icon: Sun },
  { value: 'dark', name: 'Dark', icon: Moon },
] as const;

/** The signed-in operator: how the dashboard looks to them, and the way out. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { me, api } = useDesk();
  const { email, first_name, last_name } = me.operator;
  const name = [first_name, last_name].filter(Boolean).join(' ') || email;
  const appearance = useAppearance();

  async function signOut() {
    try {
      const { redirect_to } = await unwrap(api.POST('/dashboard/api/sign_out'));
      window.location.assign(redirect_to);
    } catch (error) {
      toast(sentenceOf(error));
    }
  }

  return (
    <DropdownMenu.Root modal={false} dir={useDirection()}>
      <DropdownMenu.Trigger>
        <button type="button" className="user-button">
          <Avatar name={name} />
          <span className="unseen">Account: </span>
          <span className="user-button-name" dir="auto">
            {name}
          </span>
          <ChevronsUpDown size={14} aria-hidden="true" />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content variant="soft" side="top" className="user-menu">
        <DropdownMenu.Label>{email}</DropdownMenu.Label>
        <DropdownMenu.Separator />
        <DropdownMenu.RadioGroup value={appearance} onValueChange={(value) => chooseAppearance(value as Appearance)}>
          {appearances.map(({ value, name: title, icon: Icon }) => (
            <DropdownMenu.RadioItem key={value} value={value} onSelect={(event) => event.preventDefault()}>
              <Icon size={15} aria-hidden="true" /> {title}
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator />
        <DropdownMenu.Item onSelect={onShortcuts}>
          <Keyboard size={15} aria-hidden="true" /> Keyboard shortcuts
        </DropdownMenu.Item>
        <DropdownMenu.Item onSelect={signOut}>
          <LogOut size={15} aria-hidden="true" /> Sign out
        </DropdownMenu.Item>
        <DropdownMenu.Separator />
        <DropdownMenu.Label>AuthKit {me.version}</DropdownMenu.Label>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
