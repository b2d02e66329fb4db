import { z } from 'zod';
import { operator, route } from '../core/index.ts';
import { confirmStep, dismissChecklist, readChecklist } from './checklist.ts';
import { ChecklistWire, checklistSteps, toChecklist } from './schema.ts';

const read = route(
  {
    operationId: 'getChecklist',
    method: 'GET',
    path: '/dashboard/api/checklist',
    summary: 'Get the set-up checklist',
    auth: operator('environment:read'),
    returns: { status: 200, body: ChecklistWire },
    errors: [],
    internal: true,
  },
  async ({ tenant }, services) => toChecklist(await readChecklist(services, tenant)),
);

const confirm = route(
  {
    operationId: 'confirmChecklistStep',
    method: 'PUT',
    path: '/dashboard/api/checklist/{step}',
    summary: 'Tick a step of the checklist off, or take that back',
    auth: operator('environment:write'),
    params: z.object({ step: z.enum(checklistSteps) }),
    body: z.object({ confirmed: z.boolean() }),
    returns: { status: 200, body: ChecklistWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, params, body }, services) =>
    toChecklist(await confirmStep(services, tenant, params.step, body.confirmed)),
);

const dismiss = route(
  {
    operationId: 'dismissChecklist',
    method: 'PUT',
    path: '/dashboard/api/checklist',
    summary: 'Put the checklist away, or bring it back',
    auth: operator('environment:write'),
    body: z.object({ dismissed: z.boolean() }),
    returns: { status: 200, body: ChecklistWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) => toChecklist(await dismissChecklist(services, tenant, body.dismissed)),
);

export const checklistRoutes = [read, confirm, dismiss];
