-- When was a browser's sign-in last used? Inactivity is measured by the setting of today, which may be shorter than the one
-- `idle_expires_at` was written under. Null for those from before: they tell with their next use.

alter table browser_sessions add column used_at bigint;
