-- What was ordered before was hard.
alter table invalidation add column soft boolean default false not null;
