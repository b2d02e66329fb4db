-- Which sessions of operators who act as somebody have run out, with nobody told yet? A handful among all sessions.
-- `end_reason` is `expired` there, while `ended_at` stays null: nobody ended them.

create index sessions_impersonated on sessions (environment_id) where impersonator_json is not null and end_reason is null;
