import { Button } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { CorsDialog } from '../environments/cors-dialog.tsx';
import { useEnvironment } from '../environments/queries.ts';
import { Page } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { SettingsForm } from './settings-form.tsx';

const route = getRouteApi('/authentication');

export function AuthenticationPage() {
  const { dialog } = route.useSearch();
  const navigate = route.useNavigate();
  const environment = useEnvironment();
  const showCors = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'cors' : undefined }), replace: !open });
  return (
    <Page
      title="Authentication"
      sentence="How people prove who they are, and how long that holds."
      action={
        <Button variant="outline" color="gray" onClick={() => showCors(true)}>
          Configure CORS
        </Button>
      }
    >
      <Loaded query={environment} lines={8}>
        {({ application, settings }) => <SettingsForm saved={{ name: application.name, ...settings }} />}
      </Loaded>
      <CorsDialog open={dialog === 'cors'} onOpenChange={showCors} />
    </Page>
  );
}
