-- Which links for a new password have been put out of force by a newer one? Their page says so. Such a link belongs to no
-- sign-in any more: the newer one takes its place there.

alter table password_resets add column superseded_at bigint;
