import { Button } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { Confirm } from '../parts/confirm.tsx';
import { toast } from '../parts/toast.tsx';
import { type Connection, useConnectionChanges } from './queries.ts';

const route = getRouteApi('/connections/$connectionId');

export function DeleteConnection({ connection }: { connection: Connection }) {
  const { id, name, organization_id: organizationId = '' } = connection;
  const { dialog } = route.useSearch();
  const navigate = route.useNavigate();
  const { remove } = useConnectionChanges(id);
  const ask = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'delete' : undefined }), replace: !open });
  return (
    <section className="danger-zone" aria-labelledby="danger">
      <div>
        <h2 id="danger">Delete connection</h2>
        <p>The profiles it brought go with it. There is no way back.</p>
      </div>
      <Button variant="outline" color="red" onClick={() => ask(true)}>
        Delete connection
      </Button>
      <Confirm
        open={dialog === 'delete'}
        onOpenChange={ask}
        title={`Delete ${name}?`}
        verb="Delete connection"
        typed={name}
        onConfirm={() => remove.mutateAsync()}
        onDone={() => {
          toast(`Deleted ${name}`);
          void navigate({
            to: '/organizations/$organizationId',
            params: { organizationId },
            search: { tab: 'sign-on' },
            replace: true,
          });
        }}
      >
        Sessions that began with it end at once. The accounts of its people stay, and sign in by other ways.
      </Confirm>
    </section>
  );
}
