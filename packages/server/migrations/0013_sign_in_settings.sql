-- How may people sign in to an environment? Methods, factors, passwords, who may sign up: read and written as a whole,
-- never searched, and more of them come with every method. What a row does not say has its default.

alter table environments add column sign_in_json text not null default '{}';
