-- What operators decide about an edge: what it is chosen by (one `name=value` a line), and whether it is out of service.
alter table edge add column labels text;
alter table edge add column drained_at timestamp with time zone;
-- Counts up with every such decision.
alter table edge add column revision bigint default 1 not null;

-- A new credential is valid beside the old one until it is used for the first time.
alter table edge add column rotation_ordered_at timestamp with time zone;
alter table edge add column next_credential_hash varchar(64);
alter table edge add column credential_since timestamp with time zone;
create unique index edge_by_next_credential on edge (next_credential_hash);

-- The receipts of the latest invalidations are asked for whenever an edge reports.
create index edge_progress_by_position on edge_progress (log_position);
