-- When were the last few refresh tokens of a session used? Tabs that refresh side by side leave several of them behind
-- within seconds, and the replay window of each counts from its own use.

alter table sessions add column recent_refreshes text;
update sessions set recent_refreshes = cast(refreshed_at as text) || ' ' ||
  case when previous_refreshed_at is null then '' else cast(previous_refreshed_at as text) || ' ' end
  where refreshed_at is not null;
alter table sessions drop column previous_refreshed_at;
