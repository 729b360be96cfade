-- How much an order asks for. Null where a control plane of an earlier release wrote it.
alter table invalidation add column path_count integer;
alter table invalidation add column wildcard_count integer;
alter table invalidation add column path_length integer;

-- A page of one distribution's history; what somebody ordered within the last minute.
create index invalidation_by_distribution on invalidation (distribution_id, log_position);
create index invalidation_by_author on invalidation (author, created_at);
